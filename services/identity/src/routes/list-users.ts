import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import { notePersonalRead } from '../accounts/note-personal-read.ts';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';
import { listUsers as selectUsers } from '../queries/users.ts';

/** The users of the tenant. */
export function listUsers(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.listUsers, async (request) => {
    const { query, caller } = request;
    const { role, status, limit, cursor } = query;
    const filter = { role, status, after: readCursor(cursor), count: limit + 1 };
    const rows = await deps.store.forTenant(caller.tenantId).transaction(
      async (tx) => {
        const found = await selectUsers(tx, caller.tenantId, filter);
        notePersonalRead(deps, tx, { request, users: found.slice(0, limit) });
        return found;
      },
      { isolation: 'read committed' },
    );
    const cursorOf = (row: (typeof rows)[number]) => cursorOfRow({ createdAt: row.created_at, id: row.id });
    return answerPage({ query, rows, cursorOf, show: (row) => showUser(deps, row) });
  });
}
