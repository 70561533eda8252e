import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';
import { listBackfills as selectBackfills } from '../queries/backfills.ts';
import { findWallet } from './find-wallet.ts';
import { showBackfill } from './show-backfill.ts';

/** Shows how far older blocks have been read for a wallet, newest first. */
export function listBackfills({ store }: WatcherDeps): BoundRoute {
  return bind(ROUTES.listBackfills, async ({ params, caller }) => {
    const rows = await store.forTenant(caller.tenantId).transaction(async (tx) => {
      const { tenant_id, wallet_id } = await findWallet(tx, caller, params.id);
      return await selectBackfills(tx, tenant_id, wallet_id);
    });
    return { status: 200, body: { data: rows.map(showBackfill), nextCursor: null } };
  });
}
