import { z } from 'zod';
import { wholeNumber } from '../scalars.ts';

/** A password that somebody chooses. */
export const password = z.string().min(12).max(200);

/** A password as somebody types it: a wrong one may be too short. */
export const givenPassword = z.string().min(1).max(200);

/** What a sign-in gives. */
export const tokenPair = z.object({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: wholeNumber.describe('seconds'),
  refreshToken: z.string(),
});
