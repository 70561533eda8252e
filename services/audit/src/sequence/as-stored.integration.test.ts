import { randomUUID } from 'node:crypto';
import type { TenantId } from '@ironforge/kernel';
import { createStore, type Store, type Tx } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTenant } from '../audit.fixture.ts';
import { entryWith } from '../entry/entry.fixture.ts';
import type { Entry } from '../entry/entry.ts';
import { advanceAggregates } from '../queries/audit-aggregates.ts';
import { insertEntries } from '../queries/audit-entries.ts';
import { findKnown } from '../queries/known-entries.ts';
import { readyAtOnce, readyEntries } from '../queries/ready-entries.ts';
import { readyOnArrival } from './ready-on-arrival.ts';

let database: TestDatabase;
let open: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  open = createStore({ url: database.url, log: createCollectingLogger() });
});
afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const aggregate = fc.constantFrom('wallet:a', 'wallet:b', 'request:c');
const anyEvent = fc.record({
  aggregate,
  /** 0: it stands outside every aggregate. */
  version: fc.integer({ min: 0, max: 6 }),
  at: fc.integer({ min: 0, max: 5 }),
  details: fc.jsonValue(),
});
const coming = fc.array(anyEvent, { maxLength: 12 });
const waiting = fc.array(anyEvent, { maxLength: 2 });
const numbered = fc.dictionary(aggregate, fc.integer({ min: 1, max: 4 }));

it('what is numbered on arrival is what the sequencer would number of it, in its order, and reads as it would be read', async () => {
  await fc.assert(
    fc.asyncProperty(coming, waiting, numbered, async (events, before, bases) => {
      const tenantId = newTenant();
      const entries = events.map((one) => entryOf(tenantId, one));
      const stored = before.map((one) => entryOf(tenantId, one));
      const versions = Object.entries(bases).map(([name, version]) => ({ aggregate: name, version }));
      if (versions.length > 0)
        await within(tenantId, async (tx) => advanceAggregates(tx, tenantId, versions));
      await within(tenantId, (tx) => store(tx, stored));
      const known = await within(tenantId, (tx) => findKnown(tx, tenantId, entries));
      const { ready, left } = readyOnArrival([...entries, ...entries.slice(0, 1)], known);
      await within(tenantId, (tx) => store(tx, entries));
      const inTurn = await within(tenantId, (tx) => readyEntries(tx, tenantId, 100));
      const free = inTurn.filter((row) => !known.waiting.has(row.aggregate) && !isOf(stored, row.id));
      const atOnce = ready.map(({ entry, baseVersion }) => readyAtOnce(entry, baseVersion));
      expect(atOnce.map(({ sequence: _none, ...row }) => row)).toEqual(free);
      expect(ready.length + left.length).toBe(entries.length);
    }),
    { numRuns: 100 },
  );
});

async function store(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length > 0) await insertEntries(tx, entries);
}

function isOf(entries: readonly Entry[], id: string): boolean {
  return entries.some((entry) => entry.id === id);
}

async function within<T>(tenantId: TenantId, work: (tx: Tx) => Promise<T>): Promise<T> {
  return await open.forTenant(tenantId).transaction(work, { isolation: 'read committed' });
}

interface Event {
  readonly aggregate: string;
  readonly version: number;
  readonly at: number;
  readonly details: unknown;
}

function entryOf(tenantId: TenantId, { version, aggregate: name, at, details }: Event): Entry {
  const eventId = randomUUID();
  return entryWith(tenantId, {
    eventId,
    aggregate: version === 0 ? eventId : name,
    aggregateVersion: version,
    authority: { roles: ['admin'], policy: null },
    chainId: 'eip155:1',
    occurredAt: new Date(at),
    details,
    personal: { subject: randomUUID(), cipher: 'cipher' },
  });
}
