import type { WatchedAddressRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

const COLUMNS = ['tenant_id', 'chain_id', 'address', 'wallet_id', 'user_id'] as const;

/** A wallet's address on a chain; two tenants may watch the same one. */
export type WatchedAddress = Pick<WatchedAddressRow, (typeof COLUMNS)[number]>;

/** Begins to watch an address; nothing changes when the tenant does so already. */
export async function insertWatchedAddress(
  tx: Tx,
  watched: WatchedAddress & { readonly from_height: number },
): Promise<void> {
  await tx('watched_addresses').insert(watched).onConflict(['tenant_id', 'chain_id', 'address']).ignore();
}

/** Which of these addresses are watched, by whomever. */
export async function findWatchedAddresses(
  tx: Tx,
  chainId: string,
  addresses: readonly string[],
): Promise<WatchedAddress[]> {
  if (addresses.length === 0) return [];
  return await tx('watched_addresses')
    .select<WatchedAddress[]>(...COLUMNS)
    .where({ chain_id: chainId })
    .whereRaw('address = ANY(?)', [[...addresses]]);
}

/** A wallet by its id; undefined when it is not the tenant's, or not watched. */
export async function findWatchedWallet(
  tx: Tx,
  tenantId: string,
  walletId: string,
): Promise<WatchedAddress | undefined> {
  return await tx('watched_addresses')
    .first<WatchedAddress | undefined>(...COLUMNS)
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
