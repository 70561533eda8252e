import type { EventMessage } from '@ironforge/service-kit';
import type { Messages, Seen } from '../messages.ts';
import type { SpentNonce } from '../queries/spent-nonces.ts';
import type { Watch } from '../queries/watches.ts';

/** What a block changed about nonces, and about the requests that are watched. */
export interface SpentAndObserved {
  readonly spent: readonly SpentNonce[];
  readonly observed: readonly Watch[];
}

/** One message for each change: a request that was mined, and the nonce that it took, are told together. */
export function tellSpent(
  messages: Messages,
  seen: Seen,
  { spent, observed }: SpentAndObserved,
): EventMessage[] {
  const byTransaction = new Map(spent.map((row) => [keyOf(row.tenant_id, row.tx_hash, row.depth), row]));
  const pairs = observed.map((watch) => ({
    watch,
    row: byTransaction.get(keyOf(watch.tenant_id, watch.winner_tx_hash, watch.depth)),
  }));
  const paired = new Set(pairs.map(({ row }) => row));
  return [
    ...spent.filter((row) => !paired.has(row)).map((row) => messages.nonceSpent(seen, row)),
    ...pairs.map(({ watch, row }) =>
      row === undefined ? messages.txObserved(seen, watch) : messages.txSpent(seen, watch, row),
    ),
  ];
}

function keyOf(tenantId: string, txHash: string | null, depth: string): string {
  return `${tenantId} ${txHash} ${depth}`;
}
