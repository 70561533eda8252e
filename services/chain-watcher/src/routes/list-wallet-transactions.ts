import { confirmationsOf } from '@ironforge/chain-core';
import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import { heightOf, showMoved } from '../deposit-data.ts';
import type { WatcherDeps } from '../deps.ts';
import { findCursor } from '../queries/chain-cursors.ts';
import { listTransactions, type ShownTransaction } from '../queries/transactions.ts';
import { findWallet } from './find-wallet.ts';

/** Shows what the chain showed for a wallet, newest first; confirmations are counted when it is read. */
export function listWalletTransactions({ store }: WatcherDeps): BoundRoute {
  return bind(ROUTES.listWalletTransactions, async ({ params, query, caller }) => {
    const after = readCursor(query.cursor);
    const { rows, height } = await store.forTenant(caller.tenantId).transaction(async (tx) => {
      const wallet = await findWallet(tx, caller, params.id);
      const page = { after, count: query.limit + 1 };
      const place = { tenant_id: wallet.tenant_id, wallet_id: wallet.wallet_id };
      const cursor = await findCursor(tx, wallet.chain_id);
      return { rows: await listTransactions(tx, place, page), height: cursor?.height ?? 0 };
    });
    const cursorOf = (row: ShownTransaction) => cursorOfRow({ createdAt: row.block_time, id: row.id });
    return answerPage({ query, rows, cursorOf, show: (row) => show(row, height) });
  });
}

function show(row: ShownTransaction, head: number) {
  const blockHeight = heightOf(row.block_height);
  return {
    id: row.id,
    direction: row.direction,
    ...showMoved(row),
    fee: row.fee?.toString() ?? null,
    blockHeight,
    blockHash: row.block_hash,
    confirmations: blockHeight === null ? 0 : confirmationsOf(blockHeight, head),
    status: row.status,
    transactionId: row.tx_request_id,
    timestamp: row.block_time.toISOString(),
  };
}
