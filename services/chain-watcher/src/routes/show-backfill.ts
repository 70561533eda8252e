import type { Backfill } from '../queries/backfills.ts';

/** A backfill as people see it. */
export function showBackfill(backfill: Backfill) {
  return {
    id: backfill.id,
    walletId: backfill.wallet_id,
    chainId: backfill.chain_id,
    fromHeight: Number(backfill.from_height),
    toHeight: Number(backfill.to_height),
    nextHeight: Number(backfill.next_height),
    status: backfill.status,
    createdAt: backfill.created_at.toISOString(),
    updatedAt: backfill.updated_at.toISOString(),
  };
}
