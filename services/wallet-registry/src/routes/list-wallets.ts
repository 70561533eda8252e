import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import { listWallets as selectWallets, type Wallet } from '../queries/wallets.ts';
import { showWallet } from '../wallets/show-wallet.ts';
import { ownersSeenBy } from '../wallets/visibility.ts';

/** The wallets of the tenant that the caller sees, newest first. */
export function listWallets({ store }: RegistryDeps): BoundRoute {
  return bind(ROUTES.listWallets, async ({ query, caller }) => {
    const { limit, cursor, userId, ...filter } = query;
    const userIds = [...ownersSeenBy(caller), ...(userId === undefined ? [] : [userId])];
    const search = { ...filter, userIds, after: readCursor(cursor), count: limit + 1 };
    const rows = await store
      .forTenant(caller.tenantId)
      .transaction((tx) => selectWallets(tx, caller.tenantId, search));
    return answerPage({ query, rows, cursorOf, show: showWallet });
  });
}

function cursorOf({ created_at: createdAt, id }: Wallet): string {
  return cursorOfRow({ createdAt, id });
}
