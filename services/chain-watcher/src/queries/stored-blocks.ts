import type { TenantId } from '@ironforge/kernel';
import type { BackfillRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { SpentNonce } from './spent-nonces.ts';
import type { StoredTransaction } from './transactions.ts';
import type { WatchedAddress } from './watched-addresses.ts';
import type { Watch } from './watches.ts';

/** Consecutive blocks of a chain as a tenant's rows tell them. */
export interface BlockRange {
  readonly tenantId: TenantId;
  readonly chainId: string;
  readonly from: number;
  readonly to: number;
}

/** A tenant's transfers in these blocks. */
export async function listStoredTransactions(tx: Tx, range: BlockRange): Promise<StoredTransaction[]> {
  return await inRange(tx, 'transactions', range).select<StoredTransaction[]>();
}

/** A tenant's nonces that these blocks spent. */
export async function listStoredNonces(tx: Tx, range: BlockRange): Promise<SpentNonce[]> {
  return await inRange(tx, 'spent_nonces', range).select<SpentNonce[]>();
}

/** A tenant's requests that have their winner in these blocks. */
export async function listStoredWatches(tx: Tx, range: BlockRange): Promise<Watch[]> {
  return await inRange(tx, 'watches', range).select<Watch[]>();
}

/** The hashes that are kept of these blocks, by height. */
export async function listBlockHashes(
  tx: Tx,
  { chainId, from, to }: Omit<BlockRange, 'tenantId'>,
): Promise<Map<number, string>> {
  const rows = await tx('chain_blocks')
    .select<{ height: bigint; hash: string }[]>('height', 'hash')
    .where({ chain_id: chainId })
    .whereBetween('height', [from, to]);
  return new Map(rows.map(({ height, hash }) => [Number(height), hash]));
}

/** Whom a tenant watches on a chain, with the height after which each is watched. */
export async function listWatchedSince(
  tx: Tx,
  { tenantId, chainId }: Pick<BlockRange, 'tenantId' | 'chainId'>,
): Promise<(WatchedAddress & { readonly from_height: bigint })[]> {
  return await tx('watched_addresses')
    .select<(WatchedAddress & { readonly from_height: bigint })[]>()
    .where({ tenant_id: tenantId, chain_id: chainId });
}

/** What a backfill has read of older blocks for a wallet: from a height on, below another. */
export type Backfilled = Pick<
  BackfillRow,
  'tenant_id' | 'wallet_id' | 'user_id' | 'chain_id' | 'address' | 'from_height' | 'next_height'
>;

/** What of these blocks was read by backfills, for which wallets of the tenant. */
export async function listBackfilled(
  tx: Tx,
  { tenantId, chainId, from, to }: BlockRange,
): Promise<Backfilled[]> {
  return await tx('backfills')
    .select<Backfilled[]>()
    .where({ tenant_id: tenantId, chain_id: chainId })
    .where('from_height', '<=', to)
    .where('next_height', '>', from);
}

function inRange(
  tx: Tx,
  table: 'transactions' | 'spent_nonces' | 'watches',
  { tenantId, chainId, from, to }: BlockRange,
) {
  return tx(table).where({ tenant_id: tenantId, chain_id: chainId }).whereBetween('block_height', [from, to]);
}
