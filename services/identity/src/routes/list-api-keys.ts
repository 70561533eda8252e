import { ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind, cursorOfRow, readCursor } from '@ironforge/service-kit';
import { showApiKey } from '../accounts/show-api-key.ts';
import type { IdentityDeps } from '../deps.ts';
import { listApiKeys as selectApiKeys } from '../queries/api-keys.ts';

/** One's own API keys that are not revoked. */
export function listApiKeys({ store }: IdentityDeps): BoundRoute {
  return bind(ROUTES.listApiKeys, async ({ query, caller: { tenantId, userId } }) => {
    const after = readCursor(query.cursor);
    const owner = { tenant_id: tenantId, user_id: userId };
    const rows = await store
      .forTenant(tenantId)
      .transaction(async (tx) => await selectApiKeys(tx, owner, { after, count: query.limit + 1 }), {
        isolation: 'read committed',
      });
    const cursorOf = (row: (typeof rows)[number]) => cursorOfRow({ createdAt: row.created_at, id: row.id });
    return answerPage({ query, rows, cursorOf, show: showApiKey });
  });
}
