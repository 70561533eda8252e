import { z } from 'zod';
import { assetId, units, utcTime, wholeNumber } from './scalars.ts';

/** Why a call would fail: by the contract's words, the compiler's check, an error of its own, silently, or at the node. */
export const callFailure = z.object({
  kind: z.enum([
    'error',
    'panic',
    'custom_error',
    'no_reason',
    'returned_false',
    'insufficient_funds',
    'refused',
  ]),
  text: z.string().max(300).describe('what a contract says may be made up: nobody vouches for it'),
});
export type CallFailure = z.infer<typeof callFailure>;

/** What came of trying a request at the head of its chain, with nothing sent, when it was submitted. */
export const simulation = z.object({
  status: z
    .enum(['ok', 'reverted', 'unavailable'])
    .describe('unavailable: no node answered; a revert refuses nothing by itself'),
  failure: callFailure.nullable(),
  feeEstimate: units.nullable().describe('gas limit × fee of that moment, in native base units'),
  missing: z
    .array(z.object({ assetId, amount: units }))
    .describe('what the wallet lacked for amount and fee, in base units'),
  blockHeight: wholeNumber.nullable(),
  at: utcTime,
});
export type Simulation = z.infer<typeof simulation>;
