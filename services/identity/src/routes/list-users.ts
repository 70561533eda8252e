import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';
import { listUsers as selectUsers } from '../queries/users.ts';

/** The users of the tenant. */
export function listUsers({ store, cipher }: IdentityDeps): BoundRoute {
  return bind(ROUTES.listUsers, async ({ query, caller }) => {
    const { role, status, limit, cursor } = query;
    const filter = { role, status, after: readCursor(cursor), count: limit + 1 };
    const rows = await store
      .forTenant(caller.tenantId)
      .transaction(async (tx) => await selectUsers(tx, caller.tenantId, filter), {
        isolation: 'read committed',
      });
    const cursorOf = (row: (typeof rows)[number]) => cursorOfRow({ createdAt: row.created_at, id: row.id });
    return answerPage({ query, rows, cursorOf, show: (row) => showUser(cipher, row) });
  });
}
