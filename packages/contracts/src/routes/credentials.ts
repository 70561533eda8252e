import { z } from 'zod';
import { wholeNumber } from '../scalars.ts';

/** A password that somebody chooses. */
export const password = z.string().min(12).max(200);

/** Whether a password that somebody else chose must give way at the first sign-in. */
export const mustChangePassword = z
  .boolean()
  .optional()
  .describe('true: the first sign-in must bring a `newPassword`, so that only the user knows it');

/** A password as somebody types it: a wrong one may be too short. */
export const givenPassword = z.string().min(1).max(200);

/** What a sign-in gives. */
export const tokenPair = z.object({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: wholeNumber.describe('seconds'),
  refreshToken: z.string(),
});
