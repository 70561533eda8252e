import { randomUUID } from 'node:crypto';
import type { TenantId } from '@ironforge/kernel';
import { createStore, type Store } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTenant } from '../audit.fixture.ts';
import type { OpenEntry } from '../entry/entry.ts';
import { createSeal } from '../personal/seal-whereabouts.ts';
import { createRecorder } from './create-recorder.ts';

const clock = () => new Date();

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore({ url: database.url, log: createCollectingLogger(), pool: { min: 0, max: 8 } });
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

it('stores entries that come together in few transactions, and tells their tenants after the commit', async () => {
  const tenants = [newTenant(), newTenant()];
  const told: TenantId[] = [];
  const record = createRecorder({ store, clock, seal, onRecorded: (ids) => void told.push(...ids) });
  const before = store.stats().commits;
  await Promise.all(tenants.flatMap((tenantId) => entriesOf(tenantId, 100)).map(record));
  expect(store.stats().commits - before).toBeLessThanOrEqual(3);
  expect(new Set(told)).toEqual(new Set(tenants));
  for (const tenantId of tenants) expect(await storedOf(tenantId)).toBe(100);
});

it('stores an entry once, however often and in whatever order two processes are given it', async () => {
  const tenantId = newTenant();
  const entries = entriesOf(tenantId, 300);
  const [one, other] = [
    createRecorder({ store, clock, seal, onRecorded }),
    createRecorder({ store, clock, seal, onRecorded }),
  ];
  const again = entries.map((entry) => ({ ...entry, id: randomUUID() })).toReversed();
  await Promise.all([...entries.map(one), ...again.map(other), ...again.map(one)]);
  expect(await storedOf(tenantId)).toBe(300);
});

it('notes in the inbox exactly what it stored', async () => {
  const tenantId = newTenant();
  const record = createRecorder({ store, clock, seal, onRecorded });
  await Promise.all(entriesOf(tenantId, 5).map(record));
  const [row] = await database.query(
    `SELECT COUNT(*)::INT4 AS count FROM inbox i JOIN audit_entries e ON e.event_id = i.message_id
     WHERE i.consumer = 'audit' AND i.tenant_id = $1`,
    [tenantId],
  );
  expect(row).toEqual({ count: 5 });
});

it('refuses the one entry that the database refuses, and stores its neighbours', async () => {
  const tenantId = newTenant();
  const [first, bad, ...rest] = entriesOf(tenantId, 10);
  const record = createRecorder({ store, clock, seal, onRecorded });
  const results = await Promise.allSettled(
    [first, { ...bad, resourceId: 'x'.repeat(121) } as OpenEntry, ...rest].map((entry) =>
      record(entry as OpenEntry),
    ),
  );
  expect(results.map(({ status }) => status === 'rejected')).toEqual([false, true, ...rest.map(() => false)]);
  expect(await storedOf(tenantId)).toBe(9);
});

function onRecorded(): void {}

/** Nobody asked for these, so nobody's data is encrypted. */
const seal = createSeal(() => Promise.reject(new Error('nothing is personal here')));

async function storedOf(tenantId: TenantId): Promise<number> {
  const rows = await database.query('SELECT id FROM audit_entries WHERE tenant_id = $1', [tenantId]);
  return rows.length;
}

function entriesOf(tenantId: TenantId, count: number): OpenEntry[] {
  return Array.from({ length: count }, () => ({
    id: randomUUID(),
    tenantId,
    eventId: randomUUID(),
    aggregate: randomUUID(),
    aggregateVersion: 0,
    type: 'login_failed',
    resourceType: 'user',
    resourceId: 'somebody',
    action: 'login',
    status: 'failure',
    actorType: 'user',
    actorId: 'somebody',
    authority: null,
    whereabouts: null,
    requestId: null,
    chainId: null,
    txHash: null,
    occurredAt: new Date(),
    details: {},
  }));
}
