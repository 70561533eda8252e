import type { QuarantinedTransferRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { inChunks } from './in-chunks.ts';
import type { Listing } from './deposits.ts';

/** Something that came in of a token that the tenant does not know. */
export type QuarantinedTransfer = Omit<QuarantinedTransferRow, 'created_at'>;

/** The same, about to be stored. */
export type NewQuarantined = Omit<QuarantinedTransfer, 'block_height'> & { readonly block_height: number };

/** Keeps what came in of unknown tokens, of each wallet so many; what an undone block had before moves to the new one. */
export async function quarantine(tx: Tx, rows: readonly NewQuarantined[], perWallet: number): Promise<void> {
  if (rows.length === 0) return;
  await inChunks(rows, async (chunk) => {
    await tx('quarantined_transfers')
      .insert(chunk)
      .onConflict(['chain_id', 'tx_hash', 'wallet_id', 'transfer_index'])
      .merge(['block_height', 'block_hash', 'block_time']);
    return [];
  });
  const walletIds = [...new Set(rows.map(({ wallet_id }) => wallet_id))];
  await tx.raw(
    `DELETE FROM quarantined_transfers WHERE id IN (
       SELECT id FROM (
         SELECT id, row_number() OVER (PARTITION BY wallet_id ORDER BY block_height DESC, id DESC) AS place
         FROM quarantined_transfers WHERE wallet_id = ANY(:walletIds)) AS kept
       WHERE place > :perWallet)`,
    { walletIds, perWallet },
  );
}

/** Forgets what an undone block brought in. */
export async function undoQuarantine(tx: Tx, chainId: string, height: number): Promise<void> {
  await tx('quarantined_transfers').where({ chain_id: chainId, block_height: height }).delete();
}

/** Takes what came in of one token out of the quarantine of a tenant, and gives it. */
export async function releaseQuarantine(
  tx: Tx,
  token: { readonly tenant_id: string; readonly chain_id: string; readonly asset_id: string },
): Promise<QuarantinedTransferRow[]> {
  return await tx('quarantined_transfers').where(token).delete().returning<QuarantinedTransferRow[]>('*');
}

/** What is in quarantine, newest first. */
export async function listQuarantined(
  tx: Tx,
  { tenantId, userId, filter, after, count }: Listing,
): Promise<QuarantinedTransferRow[]> {
  const query = tx('quarantined_transfers')
    .select<QuarantinedTransferRow[]>()
    .where({ tenant_id: tenantId, ...filter })
    .orderByRaw('block_time DESC, id DESC')
    .limit(count);
  if (userId !== null) void query.whereRaw(OF_USER, [tenantId, userId]);
  if (after !== null) void query.whereRaw(AFTER, placeOf(after));
  return await query;
}

const OF_USER = 'wallet_id IN (SELECT wallet_id FROM watched_addresses WHERE tenant_id = ? AND user_id = ?)';
const AFTER = '(block_time, id) < (?, ?)';

function placeOf({ createdAt, id }: RowPlace) {
  return [createdAt, id];
}
