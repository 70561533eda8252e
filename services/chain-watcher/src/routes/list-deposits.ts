import { confirmationsOf } from '@ironforge/chain-core';
import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import { heightOf, showMoved } from '../deposit-data.ts';
import type { WatcherDeps } from '../deps.ts';
import { type CursorState, listCursors } from '../queries/chain-cursors.ts';
import { listDeposits as selectDeposits } from '../queries/deposits.ts';
import type { StoredTransaction } from '../queries/transactions.ts';
import { depositFilter } from './deposit-filter.ts';

/** Shows what came in, newest first; how deep it lies is counted when it is read. */
export function listDeposits({ store }: WatcherDeps): BoundRoute {
  return bind(ROUTES.listDeposits, async ({ query, caller }) => {
    const listing = {
      ...depositFilter(caller, query),
      after: readCursor(query.cursor),
      count: query.limit + 1,
    };
    const { rows, heads } = await store.forTenant(caller.tenantId).transaction(async (tx) => ({
      rows: await selectDeposits(tx, listing),
      heads: new Map((await listCursors(tx)).map((cursor) => [cursor.chainId, cursor])),
    }));
    const cursorOf = (row: StoredTransaction) => cursorOfRow({ createdAt: row.block_time, id: row.id });
    return answerPage({ query, rows, cursorOf, show: (row) => show(row, heads.get(row.chain_id)) });
  });
}

function show(row: StoredTransaction, head: CursorState | undefined) {
  const blockHeight = heightOf(row.block_height);
  return {
    id: row.id,
    walletId: row.wallet_id,
    chainId: row.chain_id,
    ...showMoved(row),
    blockHeight,
    blockHash: row.block_hash,
    confirmations: blockHeight === null ? 0 : confirmationsOf(blockHeight, head?.height ?? 0),
    status: row.status,
    isFinal: blockHeight !== null && blockHeight <= (head?.finalizedHeight ?? -1),
    timestamp: row.block_time.toISOString(),
  };
}
