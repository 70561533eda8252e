import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingMessage } from '@ironforge/bus';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditWorld,
  createAuditWorld,
  type EntryRow,
  loginFailed,
  newTenant,
  walletUpdated,
} from '../audit.fixture.ts';
import { createSequencer } from './create-sequencer.ts';
import { startSweep } from './sweep.ts';

describe('two audit services on one log', () => {
  let world: AuditWorld;

  beforeAll(async () => {
    world = await createAuditWorld();
    await Promise.all([world.start(), world.start()]);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it('give 1,000 events, twice delivered and shuffled, one entry each, without gaps, each aggregate in order', async () => {
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
    await sleep(1_500);
    expect(placesOf(await world.numbered(tenantId, 4), held)).toEqual([1]);
    await world.publish([walletUpdated(tenantId, held, 2)]);
    const entries = await world.numbered(tenantId, 7);
    expect(placesOf(entries, held)).toEqual([1, 2, 3, 4]);
    expect(placesOf(entries, free)).toEqual([1, 2, 3]);
  });

  it('number each tenant apart', async () => {
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
    const tenantId = newTenant();
    await world.database.query(
      `INSERT INTO audit_sequencers (tenant_id, last_sequence, holder, fence, lease_expires_at)
       VALUES ($1, 0, $2, 7, now() + interval '700 milliseconds')`,
      [tenantId, randomUUID()],
    );
    await world.publish([loginFailed(tenantId)]);
    await sleep(300);
    expect((await world.entries(tenantId)).map(({ sequence }) => sequence)).toEqual([null]);
    await world.numbered(tenantId, 1);
    const [row] = await world.database.query('SELECT fence FROM audit_sequencers WHERE tenant_id = $1', [
      tenantId,
    ]);
    expect(Number(row?.['fence'])).toBeGreaterThan(7);
  });
});

describe('audit services that are killed', () => {
  it('lose no event and number none twice', { timeout: 60_000 }, async () => {
    await using world = await createAuditWorld();
    const tenantId = newTenant();
    const events = mixedEvents(tenantId, 1_000);
    let services = [world.spawn(), world.spawn()];
    await sleep(800);
    const publishing = publishSlowly(world, shuffled(events));
    for (let kills = 0; kills < 6; kills++) {
      await sleep(350 + Math.random() * 200);
      const [victim, survivor] = services;
      await victim?.kill();
      services = [survivor ?? world.spawn(), world.spawn()];
    }
    await publishing;
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
    await waitUntil('the entry', async () => (await world.entries(tenantId)).length === 1);
    await sleep(1_100);
    const log = createCollectingLogger();
    const gauges: number[] = [];
    const telemetry = {
      eventsRecorded: () => undefined,
      entriesNumbered: () => undefined,
      entriesWaiting: ({ heldAggregates }: { heldAggregates: number }) => void gauges.push(heldAggregates),
    };
    await using store = createStore({ url: world.config.DATABASE_URL, log });
    const deps = { store, telemetry, log };
    await using sequencer = createSequencer({ ...deps, holder: randomUUID(), leaseMs: 1_000, batchSize: 10 });
    await using _sweep = startSweep({ ...deps, sequencer }, { intervalMs: 20, holdAlertSeconds: 1 });
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

async function publishSlowly(world: AuditWorld, events: readonly OutgoingMessage[]): Promise<void> {
  for (let from = 0; from < events.length; from += 25) {
    await world.publish(events.slice(from, from + 25));
    await sleep(60);
  }
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

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
