import { parseJson } from '@ironforge/kernel';
import { z } from 'zod';

/** A deposit as reports name it: one transaction may hold several. */
export function depositName({ txHash, index, walletId }: DepositPlace): string {
  return `${txHash} #${index} to wallet ${walletId}`;
}

interface DepositPlace {
  readonly txHash: string | null;
  readonly index: number;
  readonly walletId: string;
}

/** The transfer that an entry tells of, as reports name it; null for an entry that tells of none. */
export function transferOf(canonical: string): string | null {
  return telling.safeParse(parseJson(canonical)).data ?? null;
}

/** Of requests, those that say of a block that it has them. */
const MINED_TYPES = [
  'tx_request_included',
  'tx_confirmed',
  'tx_request_failed',
  'tx_request_cancelled',
  'tx_request_adopted',
] as const;

const txHash = z.string();
const deposit = z.object({ kind: z.literal('transfer'), txHash, index: z.int(), walletId: z.string() });

const telling = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('deposit_observed'), details: deposit }),
    z.object({ type: z.literal('security_nonce_spent_outside'), details: z.object({ txHash }) }),
    z.object({ type: z.enum(MINED_TYPES), details: z.object({ request: z.object({ txHash }) }) }),
  ])
  .transform(({ details }) => {
    if ('request' in details) return details.request.txHash;
    return 'walletId' in details ? depositName(details) : details.txHash;
  });
