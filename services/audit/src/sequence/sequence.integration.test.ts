import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '@ironforge/bus';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, seededShuffle, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import {
  type AuditWorld,
  createAuditWorld,
  type EntryRow,
  loginFailed,
  makeEntry,
  newTenant,
  walletUpdated,
} from '../audit.fixture.ts';
import { createLogSigners } from '../seal/log-signers.ts';
import { createSequencer } from './create-sequencer.ts';
import { startSweep } from './sweep.ts';

describe('two audit services on one log', () => {
  let world: AuditWorld;

  beforeAll(async () => {
    world = await createAuditWorld();
    await Promise.all([world.start(), world.start()]);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it('give 1,000 events, twice delivered and shuffled, one entry each, without gaps, each aggregate in order', async ({
    annotate,
  }) => {
    const shuffled = await newShuffle(annotate);
    const tenantId = newTenant();
    const events = mixedEvents(tenantId, 1_000);
    await world.publish(shuffled([...events, ...events]));
    const entries = await world.numbered(tenantId, events.length);
    expectWholeLog(entries, events);
  });

  it('hold back the versions after a missing one, and nothing else', async () => {
    const tenantId = newTenant();
    const [held, free] = [randomUUID(), randomUUID()];
    await world.publish([3, 1, 4].map((version) => walletUpdated(tenantId, held, version)));
    await world.publish([2, 1, 3].map((version) => walletUpdated(tenantId, free, version)));
    expect(placesOf(await world.numbered(tenantId, 4), held)).toEqual([1]);
    await world.stored(tenantId, 6);
    // Whichever batch numbers this one has seen all that lies there before it.
    await world.publish([walletUpdated(tenantId, free, 4)]);
    expect(placesOf(await world.numbered(tenantId, 5), held)).toEqual([1]);
    await world.publish([walletUpdated(tenantId, held, 2)]);
    const entries = await world.numbered(tenantId, 8);
    expect(placesOf(entries, held)).toEqual([1, 2, 3, 4]);
    expect(placesOf(entries, free)).toEqual([1, 2, 3, 4]);
  });

  it('number each tenant apart', async ({ annotate }) => {
    const shuffled = await newShuffle(annotate);
    const tenants = [newTenant(), newTenant(), newTenant()];
    const events = tenants.flatMap((tenantId) => mixedEvents(tenantId, 60));
    await world.publish(shuffled(events));
    for (const tenantId of tenants) {
      const entries = await world.numbered(tenantId, 60);
      expect(entries.map(({ sequence }) => sequence)).toEqual(upTo(60));
    }
  });

  it.each([{ versions: [1, 2, 1] }, { versions: [1, 1, 2] }])(
    'number a second event of one version too, in the order of arrival: $versions',
    async ({ versions }) => {
      const tenantId = newTenant();
      const walletId = randomUUID();
      for (const [n, version] of versions.entries()) {
        await world.publish([walletUpdated(tenantId, walletId, version)]);
        await world.numbered(tenantId, n + 1);
      }
      expect(placesOf(await world.numbered(tenantId, 3), walletId)).toEqual(versions);
    },
  );

  it('take over the lease of a process that died, with a higher fence', async () => {
    const [tenantId, bystander] = [newTenant(), newTenant()];
    await world.database.query(
      `INSERT INTO audit_sequencers (tenant_id, last_sequence, holder, fence, lease_expires_at)
       VALUES ($1, 0, $2, 7, now() + interval '1 hour')`,
      [tenantId, randomUUID()],
    );
    await world.publish([loginFailed(tenantId)]);
    await world.stored(tenantId, 1);
    await world.publish([loginFailed(bystander)]);
    await world.numbered(bystander, 1);
    expect((await world.entries(tenantId)).map(({ sequence }) => sequence)).toEqual([null]);
    await world.database.query(
      `UPDATE audit_sequencers SET lease_expires_at = now() - interval '1 second' WHERE tenant_id = $1`,
      [tenantId],
    );
    await world.numbered(tenantId, 1);
    const [row] = await world.database.query('SELECT fence FROM audit_sequencers WHERE tenant_id = $1', [
      tenantId,
    ]);
    expect(Number(row?.['fence'])).toBeGreaterThan(7);
  });
});

describe('audit services that are killed', () => {
  it('lose no event and number none twice', async ({ annotate }) => {
    const shuffled = await newShuffle(annotate);
    await using world = await createAuditWorld();
    const tenantId = newTenant();
    const events = mixedEvents(tenantId, 1_000);
    let services = [world.spawn(), world.spawn()];
    for (const part of inParts(shuffled(events), 6)) {
      const before = (await world.entries(tenantId)).length;
      await world.publish(part);
      // Killed as soon as something of the part is stored, so with the rest of it in hand.
      await world.stored(tenantId, before + 1);
      const [victim, survivor] = services;
      await victim?.kill();
      services = [survivor ?? world.spawn(), world.spawn()];
    }
    expectWholeLog(await world.numbered(tenantId, events.length), events);
  });
});

describe('the sweep', () => {
  it('tells once of an aggregate that waits too long, and shows it as a metric', async () => {
    await using world = await createAuditWorld();
    const tenantId = newTenant();
    await using service = await world.start();
    expect(service.url).toContain('http');
    await world.publish([walletUpdated(tenantId, randomUUID(), 2)]);
    await world.stored(tenantId, 1);
    await world.database.query(`UPDATE audit_entries SET created_at = now() - interval '1 hour'`);
    const log = createCollectingLogger();
    const gauges: number[] = [];
    const telemetry = {
      eventsRecorded: () => undefined,
      entriesNumbered: () => undefined,
      entriesWaiting: ({ heldAggregates }: { heldAggregates: number }) => void gauges.push(heldAggregates),
    };
    await using store = createStore({ url: world.config.DATABASE_URL, log });
    const deps = { store, telemetry, log };
    const seed = randomBytes(32);
    const signers = createLogSigners({ origin: 'test.example/audit', seed, previousSeed: null });
    await using sequencer = createSequencer({
      ...deps,
      signers,
      makeEntry,
      onSealed: () => undefined,
      holder: randomUUID(),
      leaseMs: 60_000,
      batchSize: 10,
    });
    await using _sweep = startSweep(
      { ...deps, signers, sequencer },
      { intervalMs: 20, holdAlertSeconds: 60 },
    );
    await waitUntil('several sweeps', () => gauges.length > 5);
    expect(gauges[0]).toBe(1);
    const alerts = log.lines.filter(({ level }) => level === 'error');
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.fields).toMatchObject({ alert: 'audit_hold', tenantId, version: 2 });
  });
});

/** Events of 20 wallets, about a tenth of them sign-ins. */
function mixedEvents(tenantId: ReturnType<typeof newTenant>, count: number): OutgoingMessage[] {
  const wallets = Array.from({ length: 20 }, () => ({ id: randomUUID(), version: 0 }));
  return Array.from({ length: count }, (_, n) => {
    const wallet = wallets[n % wallets.length];
    if (n % 10 === 9 || wallet === undefined) return loginFailed(tenantId);
    wallet.version += 1;
    return walletUpdated(tenantId, wallet.id, wallet.version);
  });
}

function inParts<T>(items: readonly T[], count: number): T[][] {
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, n) => items.slice(n * size, (n + 1) * size));
}

/** A new shuffle at each run, whose seed is told with the test. */
async function newShuffle(annotate: TestContext['annotate']) {
  const seed = randomInt(2 ** 31);
  await annotate(`seed ${seed}`);
  return seededShuffle(seed);
}

function expectWholeLog(entries: readonly EntryRow[], events: readonly OutgoingMessage[]): void {
  expect(entries.map(({ sequence }) => sequence)).toEqual(upTo(events.length));
  expect(new Set(entries.map(({ event_id }) => event_id))).toEqual(new Set(events.map(({ id }) => id)));
  for (const aggregate of new Set(entries.map((entry) => entry.aggregate))) {
    const versions = entries
      .filter((entry) => entry.aggregate === aggregate)
      .map((row) => row.aggregate_version);
    expect(versions).toEqual(versions[0] === 0 ? [0] : upTo(versions.length));
  }
}

function placesOf(entries: readonly EntryRow[], walletId: string): number[] {
  return entries.filter((row) => row.aggregate === `wallet:${walletId}`).map((row) => row.aggregate_version);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1);
}
