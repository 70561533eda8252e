import { ROUTES } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import { refuseKey } from '../accounts/refuse-key.ts';
import { showSession } from '../accounts/show-session.ts';
import type { IdentityDeps } from '../deps.ts';
import { listFamilies } from '../queries/refresh-families.ts';
import { findUser } from '../queries/users.ts';

/** One's own sessions that have not ended. */
export function listSessions(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.listSessions, async ({ query, caller }) => {
    refuseKey(caller);
    const { tenantId, userId, sessionId } = caller;
    const wanted = { after: readCursor(query.cursor), count: query.limit + 1, now: deps.clock() };
    const whose = { tenant_id: tenantId, user_id: userId };
    const { rows, owner } = await deps.store.forTenant(tenantId).transaction(
      async (tx) => ({
        rows: await listFamilies(tx, whose, wanted),
        owner: present(await findUser(tx, tenantId, userId), 'the user who calls'),
      }),
      { isolation: 'read committed' },
    );
    const cursorOf = (row: (typeof rows)[number]) => cursorOfRow({ createdAt: row.created_at, id: row.id });
    return answerPage({ query, rows, cursorOf, show: (row) => showSession(deps, { owner, sessionId }, row) });
  });
}
