import { MOST_OBSERVED_AT_ONCE } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import type { EventMessage } from '@ironforge/service-kit';
import type { Messages, Seen, SpentByOne, WatchAndNonce } from '../messages.ts';
import type { SpentNonce } from '../queries/spent-nonces.ts';
import type { Watch } from '../queries/watches.ts';

/** What a block changed about nonces, and about the requests that are watched. */
export interface SpentAndObserved {
  readonly spent: readonly SpentNonce[];
  readonly observed: readonly Watch[];
}

/** A request that was mined and the nonce that it took are told together, and so are all that a block has of one sender. */
export function tellSpent(
  messages: Messages,
  seen: Seen,
  { spent, observed }: SpentAndObserved,
): EventMessage[] {
  const byTransaction = new Map(spent.map((row) => [keyOf(row.tenant_id, row.tx_hash, row.depth), row]));
  const alone: Watch[] = [];
  const pairs: WatchAndNonce[] = [];
  for (const watch of observed) {
    const row = byTransaction.get(keyOf(watch.tenant_id, watch.winner_tx_hash, watch.depth));
    if (row === undefined) alone.push(watch);
    else pairs.push({ watch, spent: row });
  }
  const paired = new Set(pairs.map((pair) => pair.spent));
  return [
    ...spent.filter((row) => !paired.has(row)).map((row) => messages.nonceSpent(seen, row)),
    ...alone.map((watch) => messages.txObserved(seen, watch)),
    ...bySender(pairs).map((one) => tellOne(messages, seen, one)),
  ];
}

function tellOne(messages: Messages, seen: Seen, one: SpentByOne): EventMessage {
  const [first, second] = one.pairs;
  return first !== undefined && second === undefined
    ? messages.txSpent(seen, first)
    : messages.txsSpent(seen, one);
}

function bySender(pairs: readonly WatchAndNonce[]): SpentByOne[] {
  const groups = Map.groupBy(pairs, ({ spent }) => `${spent.tenant_id} ${spent.address}`);
  return [...groups.values()].flatMap(inParts).map((own) => {
    const { tenant_id: tenantId, address } = present(own[0], 'one of a group').spent;
    return { tenantId, address, pairs: own };
  });
}

function inParts(pairs: readonly WatchAndNonce[]): WatchAndNonce[][] {
  const count = Math.ceil(pairs.length / MOST_OBSERVED_AT_ONCE);
  return Array.from({ length: count }, (_, part) =>
    pairs.slice(part * MOST_OBSERVED_AT_ONCE, (part + 1) * MOST_OBSERVED_AT_ONCE),
  );
}

function keyOf(tenantId: string, txHash: string | null, depth: string): string {
  return `${tenantId} ${txHash} ${depth}`;
}
