import type { TransactionRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { inChunks } from './in-chunks.ts';

const KEY = ['chain_id', 'tx_hash', 'wallet_id', 'transfer_index', 'direction'] as const;
const MOVED = [
  'tx_request_id',
  'fee',
  'status',
  'block_height',
  'block_hash',
  'block_time',
  'updated_at',
] as const;

const SHOWN = [
  'id',
  'direction',
  'tx_hash',
  'transfer_index',
  'from_address',
  'to_address',
  'asset_id',
  'amount',
  'fee',
  'status',
  'block_height',
  'block_hash',
  'block_time',
  'tx_request_id',
  'chain_id',
] as const;

/** A transfer of a wallet as the chain showed it, about to be stored. */
export type NewTransaction = Omit<TransactionRow, 'created_at' | 'block_height'> & {
  readonly block_height: number;
};

/** A transfer of a wallet as people see it. */
export type ShownTransaction = Omit<TransactionRow, 'tenant_id' | 'wallet_id' | 'created_at' | 'updated_at'>;

/** One balance of a wallet. */
export interface Holding {
  readonly tenant_id: string;
  readonly wallet_id: string;
  readonly asset_id: string;
}

/** What comes in below depth K, per balance. */
export type Pending = Holding & { readonly amount: bigint };

/** Stores what a block showed; a row that an undone block had before moves to the new one. */
export async function upsertTransactions(tx: Tx, rows: readonly NewTransaction[]): Promise<void> {
  await inChunks(rows, async (chunk) => {
    await tx('transactions').insert(chunk).onConflict(KEY).merge(MOVED);
    return [];
  });
}

/** The transfers of one height are deep enough: no longer pending. Gives the balances into which they came. */
export async function confirmTransactions(
  tx: Tx,
  chainId: string,
  height: number,
): Promise<PassingBalance[]> {
  const rows: TransactionRow[] = await tx('transactions')
    .where({ chain_id: chainId, block_height: height, status: 'pending' })
    .update({ status: 'confirmed', updated_at: tx.fn.now() })
    .returning(['tenant_id', 'wallet_id', 'asset_id', 'direction', 'to_address']);
  return rows
    .filter(({ direction }) => direction === 'in')
    .map(({ tenant_id, wallet_id, asset_id, to_address }) => {
      return { tenant_id, wallet_id, asset_id, address: to_address ?? '' };
    });
}

/** A balance whose pending part gets smaller, and the address it stands on. */
export type PassingBalance = Holding & { readonly address: string };

/** The wallets whose pending transfers stand at one height, with the address they stand on. */
export async function findPendingAt(tx: Tx, chainId: string, height: number): Promise<PassingBalance[]> {
  const { rows } = await tx.raw<{ rows: PassingBalance[] }>(
    `SELECT DISTINCT tenant_id, wallet_id, asset_id, to_address AS address FROM transactions
     WHERE chain_id = :chainId AND block_height = :height AND status = 'pending' AND direction = 'in'`,
    { chainId, height },
  );
  return rows;
}

/** What is pending above a height for these wallets; a transfer from a wallet to itself brings nothing in. */
export async function sumPending(
  tx: Tx,
  chainId: string,
  after: { readonly height: number; readonly walletIds: readonly string[] },
): Promise<Pending[]> {
  if (after.walletIds.length === 0) return [];
  return await tx('transactions')
    .select('tenant_id', 'wallet_id', 'asset_id')
    .sum({ amount: 'amount' })
    .where({ chain_id: chainId, status: 'pending', direction: 'in' })
    .where('block_height', '>', after.height)
    .whereRaw('from_address <> to_address AND wallet_id = ANY(?)', [[...after.walletIds]])
    .groupBy('tenant_id', 'wallet_id', 'asset_id');
}

/** Takes the transfers of an undone block back; gives the wallets they touched, with their address. */
export async function undoTransactions(
  tx: Tx,
  chainId: string,
  height: number,
): Promise<{ readonly tenant_id: string; readonly wallet_id: string; readonly address: string }[]> {
  const rows: TransactionRow[] = await tx('transactions')
    .where({ chain_id: chainId, block_height: height })
    .update({ status: 'reorged', block_height: null, block_hash: null, updated_at: tx.fn.now() })
    .returning(['tenant_id', 'wallet_id', 'direction', 'from_address', 'to_address']);
  const touched = rows.map(({ tenant_id, wallet_id, direction, from_address, to_address }) => {
    return { tenant_id, wallet_id, address: direction === 'in' ? (to_address ?? '') : from_address };
  });
  return [...new Map(touched.map((wallet) => [`${wallet.tenant_id} ${wallet.wallet_id}`, wallet])).values()];
}

/** Ties what the chain showed of a transaction to the request it carries out. */
export async function nameRequest(
  tx: Tx,
  named: {
    readonly tenantId: string;
    readonly chainId: string;
    readonly txHash: string;
    readonly requestId: string;
  },
): Promise<void> {
  await tx('transactions')
    .where({ tenant_id: named.tenantId, chain_id: named.chainId, tx_hash: named.txHash })
    .update({ tx_request_id: named.requestId });
}

/** A wallet's transfers, newest first, after a place in the list. */
export async function listTransactions(
  tx: Tx,
  wallet: { readonly tenant_id: string; readonly wallet_id: string },
  page: { readonly after: RowPlace | null; readonly count: number },
): Promise<ShownTransaction[]> {
  const newest = tx('transactions')
    .select<ShownTransaction[]>(...SHOWN)
    .where(wallet)
    .orderByRaw('block_time DESC, id DESC')
    .limit(page.count);
  if (page.after === null) return await newest;
  return await newest.whereRaw('(block_time, id) < (?, ?)', [page.after.createdAt, page.after.id]);
}
