import type { TransactionRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { inChunks } from './in-chunks.ts';
import type { Deepening } from './spent-nonces.ts';

const KEY = ['chain_id', 'tx_hash', 'wallet_id', 'transfer_index', 'direction'] as const;
/** On another fork the same transaction may have run otherwise, so all of what it showed is taken anew. */
const MOVED = [
  'tx_request_id',
  'from_address',
  'to_address',
  'asset_id',
  'amount',
  'logged_amount',
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
  'kind',
  'logged_amount',
  'range_from',
] as const;
const STORED = [...SHOWN, 'tenant_id', 'wallet_id', 'version'] as const;
const RETURNED = STORED.join(', ');

/** A transfer of a wallet as the chain showed it, about to be stored. */
export type NewTransaction = Omit<
  TransactionRow,
  'created_at' | 'block_height' | 'range_from' | 'version'
> & {
  readonly block_height: number;
  readonly range_from: number | null;
};

/** A transfer of a wallet as people see it. */
export type ShownTransaction = Pick<TransactionRow, (typeof SHOWN)[number]>;

/** A transfer of a wallet as it stands, with the version of it that rises with each change. */
export type StoredTransaction = Pick<TransactionRow, (typeof STORED)[number]>;

/** One balance of a wallet. */
export interface Holding {
  readonly tenant_id: string;
  readonly wallet_id: string;
  readonly asset_id: string;
}

/** What comes in below depth K, per balance. */
export type Pending = Holding & { readonly amount: bigint };

/** Stores what a block showed, and gives it; a row that an undone block had before moves to the new one. */
export async function upsertTransactions(
  tx: Tx,
  rows: readonly NewTransaction[],
): Promise<StoredTransaction[]> {
  const told = MOVED.map((column) => [column, tx.raw('excluded.??', [column])] as const);
  const version = tx.raw('transactions.version + 1');
  return await inChunks(rows, async (chunk) => {
    return await tx('transactions')
      .insert(chunk)
      .onConflict(KEY)
      .merge({ ...Object.fromEntries(told), version })
      .returning<StoredTransaction[]>([...STORED]);
  });
}

/** Stores those of these transfers that nobody stored before, and gives them. */
export async function insertTransactions(
  tx: Tx,
  rows: readonly NewTransaction[],
): Promise<StoredTransaction[]> {
  return await inChunks(rows, async (chunk) => {
    return await tx('transactions')
      .insert(chunk)
      .onConflict(KEY)
      .ignore()
      .returning<StoredTransaction[]>([...STORED]);
  });
}

/** Deepens the transfers that passed depth K with the newest block, and the deposits that became final, and gives them. */
export async function deepenTransactions(tx: Tx, deepening: Deepening): Promise<StoredTransaction[]> {
  const { rows } = await tx.raw<{ rows: StoredTransaction[] }>(
    `UPDATE transactions SET
       status = CASE WHEN status = 'pending' THEN 'confirmed' ELSE status END, version = version + 1, updated_at = now()
     WHERE chain_id = :chainId AND (
       (block_height = :confirmedAt AND status = 'pending')
       OR (block_height > :finalAfter AND block_height <= :finalUpTo
         AND (status = 'pending' OR (status = 'confirmed' AND direction = 'in'))))
     RETURNING ${RETURNED}`,
    { ...deepening },
  );
  return rows;
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

/** The wallets that something came in for at one height. */
export async function findDepositsAt(
  tx: Tx,
  chainId: string,
  height: number,
): Promise<Omit<PassingBalance, 'asset_id'>[]> {
  const { rows } = await tx.raw<{ rows: PassingBalance[] }>(
    `SELECT DISTINCT tenant_id, wallet_id, to_address AS address FROM transactions
     WHERE chain_id = :chainId AND block_height = :height AND direction = 'in'`,
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
    .whereRaw('from_address IS DISTINCT FROM to_address AND wallet_id = ANY(?)', [[...after.walletIds]])
    .groupBy('tenant_id', 'wallet_id', 'asset_id');
}

/** Takes the transfers of an undone block back, and gives them as they are now. */
export async function undoTransactions(
  tx: Tx,
  chainId: string,
  height: number,
): Promise<StoredTransaction[]> {
  return await tx('transactions')
    .where({ chain_id: chainId, block_height: height })
    .update({
      status: 'reorged',
      block_height: null,
      block_hash: null,
      version: tx.raw('version + 1'),
      updated_at: tx.fn.now(),
    })
    .returning<StoredTransaction[]>([...STORED]);
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
