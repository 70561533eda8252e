import { ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute, causeOfRequest } from '@ironforge/service-kit';
import { readRetention } from '../keep/retention.ts';
import { saveRetention, takeRetentionTurn } from '../queries/audit-retentions.ts';
import type { KeepingDeps } from './keeping-deps.ts';

/** `PUT /v1/audit/retention`: sets for how many days entries of each category are kept. Its entry tells what it was before. */
export function setRetention({ store, own, keeper }: KeepingDeps): BoundRoute {
  return bind(ROUTES.setAuditRetention, async (request) => {
    const { body: after } = request;
    const { tenantId } = request.caller;
    const cause = causeOfRequest(request);
    const act = { type: 'retention_changed', tenantId, resourceId: tenantId, cause, details: {} } as const;
    const told = await own.make(act);
    await store.forTenant(tenantId).transaction(
      async (tx) => {
        const before = readRetention((await takeRetentionTurn(tx, tenantId)).days);
        await saveRetention(tx, tenantId, after);
        await own.store(tx, { ...told, details: { before, after } });
        tx.afterCommit(keeper.wake);
      },
      { isolation: 'read committed' },
    );
    return { status: 200, body: after };
  });
}
