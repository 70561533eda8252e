import { confirmationsOf } from '@ironforge/chain-core';
import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import type { QuarantinedTransferRow } from '@ironforge/schema';
import type { WatcherDeps } from '../deps.ts';
import { listCursors } from '../queries/chain-cursors.ts';
import { listQuarantined } from '../queries/quarantined-transfers.ts';
import { depositFilter } from './deposit-filter.ts';

/** Shows what came in of tokens that the tenant does not know, newest first. */
export function listQuarantinedDeposits({ store }: WatcherDeps): BoundRoute {
  return bind(ROUTES.listQuarantinedDeposits, async ({ query, caller }) => {
    const listing = {
      ...depositFilter(caller, query),
      after: readCursor(query.cursor),
      count: query.limit + 1,
    };
    const { rows, heads } = await store.forTenant(caller.tenantId).transaction(async (tx) => ({
      rows: await listQuarantined(tx, listing),
      heads: new Map((await listCursors(tx)).map(({ chainId, height }) => [chainId, height])),
    }));
    const cursorOf = (row: QuarantinedTransferRow) => cursorOfRow({ createdAt: row.block_time, id: row.id });
    return answerPage({ query, rows, cursorOf, show: (row) => show(row, heads.get(row.chain_id) ?? 0) });
  });
}

function show(row: QuarantinedTransferRow, head: number) {
  const blockHeight = Number(row.block_height);
  return {
    id: row.id,
    walletId: row.wallet_id,
    chainId: row.chain_id,
    txHash: row.tx_hash,
    index: row.transfer_index,
    from: row.from_address,
    to: row.to_address,
    assetId: row.asset_id,
    amount: row.amount.toString(),
    blockHeight,
    blockHash: row.block_hash,
    confirmations: confirmationsOf(blockHeight, head),
    timestamp: row.block_time.toISOString(),
  };
}
