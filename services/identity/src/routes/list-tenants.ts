import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import { showTenant } from '../accounts/show-tenant.ts';
import type { IdentityDeps } from '../deps.ts';
import { listTenants as selectTenants } from '../queries/tenants.ts';

/** All tenants of the installation. */
export function listTenants({ store }: IdentityDeps): BoundRoute {
  return bind(ROUTES.listTenants, async ({ query }) => {
    const after = readCursor(query.cursor);
    const rows = await store
      .system('tenant_administration')
      .transaction(async (tx) => await selectTenants(tx, after, query.limit + 1), {
        isolation: 'read committed',
      });
    const cursorOf = (row: (typeof rows)[number]) => cursorOfRow({ createdAt: row.created_at, id: row.id });
    return answerPage({ query, rows, cursorOf, show: showTenant });
  });
}
