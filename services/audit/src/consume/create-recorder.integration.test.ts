import { randomBytes, randomUUID } from 'node:crypto';
import type { TenantId } from '@ironforge/kernel';
import { createStore, type Store } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTenant } from '../audit.fixture.ts';
import type { Entry, OpenEntry } from '../entry/entry.ts';
import { createSeal } from '../personal/seal-whereabouts.ts';
import { createLogSigners } from '../seal/log-signers.ts';
import { createRecorder, type RecorderDeps } from './create-recorder.ts';

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

it('stores entries that come together in few transactions, with their numbers, and tells their tenants after the commit', async () => {
  const tenants = [newTenant(), newTenant()];
  const told: (readonly [TenantId, number])[] = [];
  const record = newRecorder((id, { numbered }) => void told.push([id, numbered.length]));
  const before = store.stats().commits;
  await Promise.all(tenants.flatMap((tenantId) => entriesOf(tenantId, 100)).map(record));
  expect(store.stats().commits - before).toBeLessThanOrEqual(3);
  expect(new Map(told)).toEqual(new Map(tenants.map((id) => [id, 100])));
  for (const tenantId of tenants) expect(await numbersOf(tenantId)).toEqual(upTo(100));
});

it('stores an entry once, however often and in whatever order two processes are given it', async () => {
  const tenantId = newTenant();
  const entries = entriesOf(tenantId, 300);
  const [one, other] = [newRecorder(onRecorded), newRecorder(onRecorded)];
  const again = entries.map((entry) => ({ ...entry, id: randomUUID() })).toReversed();
  await Promise.all([...entries.map(one), ...again.map(other), ...again.map(one)]);
  expect(await storedOf(tenantId)).toBe(300);
});

it('notes in the inbox exactly what it stored', async () => {
  const tenantId = newTenant();
  const record = newRecorder(onRecorded);
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
  const record = newRecorder(onRecorded);
  const results = await Promise.allSettled(
    [first, { ...bad, resourceId: 'x'.repeat(121) } as OpenEntry, ...rest].map((entry) =>
      record(entry as OpenEntry),
    ),
  );
  expect(results.map(({ status }) => status === 'rejected')).toEqual([false, true, ...rest.map(() => false)]);
  expect(await storedOf(tenantId)).toBe(9);
});

it('leaves what waits for a lower version, and what waits already, to the sequencer', async () => {
  const tenantId = newTenant();
  const left: number[] = [];
  const record = newRecorder((_id, arrival) => void left.push(...arrival.left.map(versionOf)));
  const [first, second, third, fourth] = entriesOf(tenantId, 4, 'wallet:one') as [
    OpenEntry,
    OpenEntry,
    OpenEntry,
    OpenEntry,
  ];
  await Promise.all([record(first), record(third)]);
  expect(left.splice(0)).toEqual([3]);
  await Promise.all([record(second), record(fourth), ...entriesOf(tenantId, 2).map(record)]);
  expect(new Set(left)).toEqual(new Set([2, 4]));
  expect(await numbersOf(tenantId)).toEqual([1, 2, 3, null, null, null]);
});

it('numbers nothing while another process holds the lease', async () => {
  const tenantId = newTenant();
  await database.query(
    `INSERT INTO audit_sequencers (tenant_id, last_sequence, holder, fence, lease_expires_at)
     VALUES ($1, 0, $2, 7, now() + interval '1 hour')`,
    [tenantId, randomUUID()],
  );
  await Promise.all(entriesOf(tenantId, 3).map(newRecorder(onRecorded)));
  expect(await numbersOf(tenantId)).toEqual([null, null, null]);
});

it('does not wait long for whoever has the row of the sequencer', async () => {
  const tenantId = newTenant();
  await Promise.all(entriesOf(tenantId, 1).map(newRecorder(onRecorded)));
  await store.forTenant(tenantId).transaction(async (tx) => {
    await tx.raw('SELECT 1 FROM audit_sequencers WHERE tenant_id = :tenantId FOR UPDATE', { tenantId });
    await Promise.all(entriesOf(tenantId, 2).map(newRecorder(onRecorded)));
    expect(await numbersOf(tenantId)).toEqual([1, null, null]);
  });
});

it('signs nothing over a tree that was changed', async () => {
  const tenantId = newTenant();
  await Promise.all(entriesOf(tenantId, 3).map(newRecorder(onRecorded)));
  await database.query('UPDATE audit_tiles SET hashes = sha256(hashes) WHERE tenant_id = $1', [tenantId]);
  await Promise.all(entriesOf(tenantId, 2).map(newRecorder(onRecorded)));
  expect(await numbersOf(tenantId)).toEqual([1, 2, 3, null, null]);
});

function onRecorded(): void {}

const signers = createLogSigners({ origin: 'test.example/audit', seed: randomBytes(32), previousSeed: null });

/** A recorder of a process of its own. */
function newRecorder(told: RecorderDeps['onRecorded']) {
  return createRecorder({
    ...{ store, clock, seal, signers, log: createCollectingLogger(), onRecorded: told },
    holder: randomUUID(),
    leaseMs: 5_000,
  });
}

/** Nobody asked for these, so nobody's data is encrypted. */
const seal = createSeal(() => Promise.reject(new Error('nothing is personal here')));

/** The numbers of a tenant's entries, those without last. */
async function numbersOf(tenantId: TenantId): Promise<(number | null)[]> {
  const sql = 'SELECT sequence::FLOAT8 FROM audit_entries WHERE tenant_id = $1 ORDER BY sequence NULLS LAST';
  return (await database.query(sql, [tenantId])).map((row) => row['sequence'] as number | null);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function versionOf({ aggregateVersion }: Entry): number {
  return aggregateVersion;
}

async function storedOf(tenantId: TenantId): Promise<number> {
  const rows = await database.query('SELECT id FROM audit_entries WHERE tenant_id = $1', [tenantId]);
  return rows.length;
}

/** Entries outside every aggregate, or the first versions of one. */
function entriesOf(tenantId: TenantId, count: number, aggregate?: string): OpenEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    tenantId,
    eventId: randomUUID(),
    aggregate: aggregate ?? randomUUID(),
    aggregateVersion: aggregate === undefined ? 0 : index + 1,
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
