import { z } from 'zod';
import { utcTime, uuid, wholeNumber } from './scalars.ts';

/** A currency by ISO 4217. */
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217, for example USD');

/** An amount of a currency, or a price in it: a decimal string, never a number. */
export const fiatAmount = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,37})(?:\.[0-9]{1,18})?$/)
  .describe('decimal string, at most 18 digits behind the point');

/** What an asset costs, who says so and since when: as it stands, and as it is recorded with a decision. */
export const assetPrice = z.object({
  currency,
  price: fiatAmount.describe('of one whole unit'),
  decimals: wholeNumber.describe('of the asset'),
  source: z.string(),
  observedAt: utcTime,
  pushedBy: uuid,
});
export type RecordedPrice = z.infer<typeof assetPrice>;
