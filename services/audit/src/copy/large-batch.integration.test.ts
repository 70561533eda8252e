import { randomBytes, randomUUID } from 'node:crypto';
import type { TenantId } from '@ironforge/kernel';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, createTestImmudb, hasImmudb } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { createAuditWorld, makeEntry, newTenant } from '../audit.fixture.ts';
import type { Entry } from '../entry/entry.ts';
import { insertEntries } from '../queries/audit-entries.ts';
import { createLogSigners } from '../seal/log-signers.ts';
import { sequenceBatch } from '../sequence/sequence-batch.ts';
import { copied, copiesOf, expectWholeCopy, startTestCopy } from './copy.fixture.ts';

it.skipIf(!hasImmudb())(
  'a batch that is too large for one transaction goes in parts, its checkpoint with the last',
  async () => {
    const immudb = await createTestImmudb();
    await using world = await createAuditWorld();
    const tenantId = newTenant();
    await sealAtOnce(world.database.url, tenantId, 1_100);
    await using _copy = startTestCopy(world, immudb);
    await copied(world, tenantId, 1_100);
    const copies = await copiesOf(world.database, tenantId);
    expect(copies.map(({ size }) => size)).toEqual([1_023, 1_100]);
    await expectWholeCopy(world, immudb, tenantId);
  },
);

async function sealAtOnce(url: string, tenantId: TenantId, count: number): Promise<void> {
  await using store = createStore({ url, log: createCollectingLogger(), pool: { min: 0, max: 2 } });
  const entries = Array.from({ length: count }, () => entryOf(tenantId));
  await store.forTenant(tenantId).transaction((tx) => insertEntries(tx, entries));
  const seed = randomBytes(32);
  const signers = createLogSigners({ origin: 'test.example/audit', seed, previousSeed: null });
  const deps = { store, signers, makeEntry, holder: randomUUID(), leaseMs: 60_000, batchSize: count };
  await sequenceBatch(deps, tenantId);
}

function entryOf(tenantId: TenantId): Entry {
  const eventId = randomUUID();
  return {
    id: randomUUID(),
    tenantId,
    eventId,
    aggregate: eventId,
    aggregateVersion: 0,
    type: 'login_failed',
    resourceType: 'session',
    resourceId: 'a session',
    action: 'login',
    status: 'failure',
    actorType: 'service',
    actorId: 'nobody',
    authority: null,
    personal: null,
    requestId: null,
    chainId: null,
    txHash: null,
    occurredAt: new Date(),
    details: {},
  };
}
