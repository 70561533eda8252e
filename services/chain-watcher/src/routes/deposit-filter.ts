import type { UserCaller } from '@ironforge/service-kit';
import type { Listing } from '../queries/deposits.ts';

/** What may be asked of deposits. */
export interface DepositQuery {
  readonly walletId?: string | undefined;
  readonly chainId?: string | undefined;
  readonly assetId?: string | undefined;
  readonly kind?: string | undefined;
  readonly status?: string | undefined;
}

/** Whose deposits a caller sees, and which of them were asked for. */
export function depositFilter(
  { tenantId, userId, permissions }: UserCaller,
  { walletId, chainId, assetId, kind, status }: DepositQuery,
): Pick<Listing, 'tenantId' | 'userId' | 'filter'> {
  const asked = { wallet_id: walletId, chain_id: chainId, asset_id: assetId, kind, status };
  const given = Object.entries(asked).flatMap(([column, value]) =>
    value === undefined ? [] : [[column, value] as const],
  );
  const seesAll = permissions.includes('wallets:read_all');
  return { tenantId, userId: seesAll ? null : userId, filter: Object.fromEntries(given) };
}
