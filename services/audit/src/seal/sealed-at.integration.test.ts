import type { TenantId } from '@ironforge/kernel';
import { createStore, type Store } from '@ironforge/store';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { createAuditWorld, loginFailed, makeEntry, newTenant } from '../audit.fixture.ts';
import { insertEntries } from '../queries/audit-entries.ts';

it('a checkpoint is dated after all that it covers, though its transaction had to wait for another', async () => {
  const tenantId = newTenant();
  await using world = await createAuditWorld();
  await using store = createStore({
    url: world.database.url,
    log: createCollectingLogger(),
    pool: { min: 0, max: 2 },
  });
  await using _service = await world.start();
  await world.publish([loginFailed(tenantId)]);
  await world.numbered(tenantId, 1);
  await store.forTenant(tenantId).transaction(async (tx) => {
    await tx.raw('SELECT 1 FROM audit_sequencers WHERE tenant_id = :tenantId FOR UPDATE', { tenantId });
    await storeOwn(store, tenantId);
    await waitUntil('the sequencer to wait', async () => {
      const waiting = await world.database.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    await storeOwn(store, tenantId);
  });
  await world.numbered(tenantId, 3);
  const early = await world.database.query(
    `SELECT e.sequence FROM audit_entries e
     JOIN LATERAL (
       SELECT sealed_at FROM audit_checkpoints c WHERE c.tenant_id = e.tenant_id AND c.size >= e.sequence ORDER BY c.size LIMIT 1
     ) c ON true
     WHERE e.tenant_id = $1 AND c.sealed_at < e.created_at`,
    [tenantId],
  );
  expect(early).toEqual([]);
});

/** What the service does itself is stored without a number, whoever has the sequencer's row. */
async function storeOwn(store: Store, tenantId: TenantId): Promise<void> {
  const cause = { actor: { type: 'service', id: 'audit' } } as const;
  const entry = await makeEntry({
    type: 'retention_changed',
    tenantId,
    resourceId: tenantId,
    cause,
    details: {},
  });
  await store
    .forTenant(tenantId)
    .transaction((tx) => insertEntries(tx, [entry]), { isolation: 'read committed' });
}
