import type { WatchedAddressRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { OpenSweep } from './balance-sweeps.ts';

const COLUMNS = ['tenant_id', 'chain_id', 'address', 'wallet_id', 'user_id'] as const;

/** A wallet's address on a chain; two tenants may watch the same one. */
export type WatchedAddress = Pick<WatchedAddressRow, (typeof COLUMNS)[number]>;

/** A wallet's address, and the height above which its blocks are applied. */
export type WatchedWallet = WatchedAddress & Pick<WatchedAddressRow, 'from_height'>;

/** Begins to watch an address; nothing changes when the tenant does so already. */
export async function insertWatchedAddress(
  tx: Tx,
  watched: WatchedAddress & { readonly from_height: number },
): Promise<void> {
  await tx('watched_addresses').insert(watched).onConflict(['tenant_id', 'chain_id', 'address']).ignore();
}

/** Begins the watch of wallets that came with undone blocks where the cursor stands now: all that comes is applied for them. */
export async function watchFromBelow(tx: Tx, chainId: string, height: number): Promise<void> {
  await tx('watched_addresses')
    .where({ chain_id: chainId })
    .where('from_height', '>', height)
    .update({ from_height: height });
}

/**
 * Which of these addresses are watched, by whomever, so that a block of this height counts for them: it came after the watch
 * began, or a backfill has read it.
 */
export async function findWatchedAddresses(
  tx: Tx,
  chainId: string,
  { addresses, height }: { readonly addresses: readonly string[]; readonly height: number },
): Promise<WatchedAddress[]> {
  if (addresses.length === 0) return [];
  return await tx('watched_addresses as w')
    .select<WatchedAddress[]>(COLUMNS.map((column) => `w.${column}`))
    .where({ 'w.chain_id': chainId })
    .whereRaw('w.address = ANY(?)', [[...addresses]])
    .whereRaw(COUNTS_FOR_IT, { height });
}

const COUNTS_FOR_IT = `(w.from_height < CAST(:height AS INT8) OR EXISTS (
  SELECT 1 FROM backfills b
  WHERE b.tenant_id = w.tenant_id AND b.wallet_id = w.wallet_id
    AND b.from_height <= CAST(:height AS INT8) AND b.next_height > CAST(:height AS INT8)))`;

/** A wallet by its id; undefined when it is not the tenant's, or not watched. */
export async function findWatchedWallet(
  tx: Tx,
  tenantId: string,
  walletId: string,
): Promise<WatchedWallet | undefined> {
  return await tx('watched_addresses')
    .first<WatchedWallet | undefined>(...COLUMNS, 'from_height')
    .where({ tenant_id: tenantId, wallet_id: walletId });
}

/** All watched addresses of a tenant on a chain. */
export async function listTenantAddresses(
  tx: Tx,
  tenantId: string,
  chainId: string,
): Promise<WatchedAddress[]> {
  return await tx('watched_addresses')
    .select<WatchedAddress[]>(...COLUMNS)
    .where({ tenant_id: tenantId, chain_id: chainId });
}

/** The tenants that have a wallet on a chain. */
export async function listWatchingTenants(tx: Tx, chainId: string): Promise<string[]> {
  const rows = await tx('watched_addresses')
    .distinct<{ tenant_id: string }[]>('tenant_id')
    .where({ chain_id: chainId });
  return rows.map(({ tenant_id }) => tenant_id);
}

/** The next wallets of a sweep: those that were watched at its block, in the order of tenant and address. */
export async function listSweptAddresses(
  tx: Tx,
  { chainId, height, after }: OpenSweep,
  count: number,
): Promise<WatchedAddress[]> {
  const query = tx('watched_addresses')
    .select<WatchedAddress[]>(...COLUMNS)
    .where({ chain_id: chainId })
    .where('from_height', '<=', height)
    .orderByRaw('tenant_id, address')
    .limit(count);
  if (after === null) return await query;
  return await query.whereRaw('(tenant_id, address) > (?, ?)', [after.tenantId, after.address]);
}
