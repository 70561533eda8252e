import { randomUUID } from 'node:crypto';
import type { TenantId } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStoreFixture, newTenant, type StoreFixture } from '../store.fixture.ts';
import { createOutbox, type Outbox, type OutboxOptions } from './create-outbox.ts';
import type { OutboxMessage, Publisher } from './message.ts';

let fixture: StoreFixture;
let tenantId: TenantId;
let broker: Recorder;
let testEnded: PromiseWithResolvers<void>;
const opened: Outbox[] = [];
beforeEach(async () => {
  fixture = await createStoreFixture();
  tenantId = newTenant();
  broker = createRecorder();
  testEnded = Promise.withResolvers();
});
afterEach(async () => {
  testEnded.resolve();
  await Promise.all(opened.splice(0).map((outbox) => outbox[Symbol.asyncDispose]()));
  await fixture[Symbol.asyncDispose]();
});

test('what was added is published once, right after the commit, and marked', async () => {
  const outbox = openOutbox();
  const [message] = await say(outbox, event({}));
  await waitUntil('the row to be marked', allPublished);
  expect(broker.published()).toEqual([message]);
});

test('nothing is published before the commit or after a rollback', async () => {
  const outbox = openOutbox();
  const rolledBack = fixture.store.forTenant(tenantId).transaction(async (tx) => {
    await outbox.add(tx, [event({})]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(broker.published()).toEqual([]);
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow('no');
  expect(broker.published()).toEqual([]);
  expect(await fixture.database.query('SELECT id FROM outbox')).toEqual([]);
});

test('a retried transaction publishes what its last try said, once', async () => {
  const outbox = openOutbox();
  let tries = 0;
  await fixture.store.forTenant(tenantId).transaction(async (tx) => {
    tries += 1;
    await outbox.add(tx, [event({ version: tries })]);
    if (tries < 3) await tx.raw(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
  });
  await waitUntil('the row to be marked', allPublished);
  expect(broker.versionsOf('subject')).toEqual([3]);
});

test('the versions of one aggregate are relayed in order', async () => {
  const outbox = openOutbox();
  for (let version = 1; version <= 30; version += 1) await say(outbox, event({ version }));
  await waitUntil('the rows to be marked', allPublished);
  expect(broker.versionsOf('subject')).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});

test('what comes while a batch is on its way goes out in one batch', async () => {
  const outbox = openOutbox();
  broker.hold();
  for (let version = 1; version <= 20; version += 1) await say(outbox, event({ version }));
  broker.release();
  await waitUntil('the rows to be marked', allPublished);
  expect(broker.batches().map((batch) => batch.length)).toEqual([1, 19]);
});

test('the sweeper finds what a crash left, in order, and leaves alone what another process still holds', async () => {
  const crashed = openOutbox({ publisher: createDeadPublisher(), claimMs: 1 });
  for (const version of [1, 2, 3]) await say(crashed, event({ version }));
  const working = openOutbox({ publisher: createDeadPublisher(), claimMs: 60_000 });
  const [held] = await say(working, event({ version: 4 }));
  openOutbox({ sweepIntervalMs: 20 }).start();
  await waitUntil('three messages', () => broker.published().length === 3);
  expect(broker.versionsOf('subject')).toEqual([1, 2, 3]);
  const left = await waitUntil('the marks', async () => {
    const rows = await fixture.database.query(`SELECT id FROM outbox WHERE state = 'pending'`);
    return rows.length === 1 && rows;
  });
  expect(left).toEqual([{ id: held?.id }]);
});

test('rows that commit late, below what was swept before, are found', async () => {
  const outbox = openOutbox({ publisher: createDeadPublisher(), claimMs: 1 });
  openOutbox({ sweepIntervalMs: 10 }).start();
  await fixture.store.forTenant(tenantId).transaction(async (tx) => {
    await outbox.add(tx, [event({ version: 1 })]);
    await say(outbox, event({ version: 2 }));
    await waitUntil('the younger row', () => broker.versionsOf('subject').includes(2));
  });
  await waitUntil('the older row', () => broker.versionsOf('subject').includes(1));
});

test('a publisher that fails or throws loses nothing, and the sweeper is not kept waiting', async () => {
  const outbox = openOutbox({ sweepIntervalMs: 20 });
  outbox.start();
  broker.fail(3);
  for (let version = 1; version <= 10; version += 1) await say(outbox, event({ version }));
  await waitUntil('the rows to be marked', allPublished);
  expect(new Set(broker.versionsOf('subject')).size).toBe(10);
});

test('a mark that is lost means twice, never not at all', async () => {
  const outbox = openOutbox({ claimMs: 100, sweepIntervalMs: 20 });
  outbox.start();
  await fixture.database.query('REVOKE UPDATE ON outbox FROM ironforge_system');
  await say(outbox, event({}));
  await waitUntil('the first publication', () => broker.published().length === 1);
  await fixture.database.query('GRANT UPDATE ON outbox TO ironforge_system');
  await waitUntil('the row to be marked', allPublished);
  expect(new Set(broker.published().map(({ id }) => id)).size).toBe(1);
});

test('two sweepers publish each of 500 rows once', async () => {
  const crashed = openOutbox({ publisher: createDeadPublisher(), claimMs: 1 });
  await say(crashed, ...Array.from({ length: 500 }, (_, index) => event({ subject: `s${index}` })));
  openOutbox({ sweepIntervalMs: 5 }).start();
  openOutbox({ sweepIntervalMs: 5, store: fixture.open() }).start();
  await waitUntil('the rows to be marked', allPublished);
  expect(broker.published()).toHaveLength(500);
});

test('a sweeper takes only the rows of its own service', async () => {
  const other = openOutbox({ service: 'other', publisher: createDeadPublisher(), claimMs: 1 });
  await say(other, event({ subject: 'theirs' }));
  openOutbox({ sweepIntervalMs: 5 }).start();
  await say(openOutbox(), event({ subject: 'ours' }));
  await waitUntil('our message', () => broker.published().length === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(broker.published().map(({ body }) => body.subject)).toEqual(['ours']);
});

test('disposing waits for what is under way', async () => {
  const outbox = openOutbox();
  broker.hold();
  await say(outbox, event({}));
  let isDisposed = false;
  const disposed = outbox[Symbol.asyncDispose]().then(() => (isDisposed = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isDisposed).toBe(false);
  broker.release();
  await disposed;
  expect(await allPublished()).toBe(true);
});

function openOutbox(options: Partial<OutboxOptions> = {}): Outbox {
  const deps = { store: fixture.store, publisher: broker.publisher, log: fixture.log, service: 'tester' };
  const outbox = createOutbox({ ...deps, ...options });
  opened.push(outbox);
  return outbox;
}

async function say(outbox: Outbox, ...messages: OutboxMessage[]): Promise<OutboxMessage[]> {
  await fixture.store.forTenant(tenantId).transaction((tx) => outbox.add(tx, messages));
  return messages;
}

async function allPublished(): Promise<boolean> {
  const rows = await fixture.database.query(
    `SELECT count(*) FILTER (WHERE state = 'pending')::INT4 AS pending, count(*)::INT4 AS total FROM outbox`,
  );
  return rows[0]?.['pending'] === 0 && rows[0]['total'] !== 0;
}

function event({ subject = 'subject', version = 1 }: { subject?: string; version?: number }): OutboxMessage {
  const id = randomUUID();
  const body = {
    specversion: '1.0' as const,
    id,
    type: 'thing.happened',
    source: 'tester',
    subject,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json' as const,
    tenantid: tenantId,
    aggregateversion: version,
    actortype: 'service' as const,
    actorid: 'tester',
    data: { amount: String(2n ** 80n) },
  };
  return { id, exchange: 'ironforge.events', routingKey: body.type, body };
}

type Recorder = ReturnType<typeof createRecorder>;

/** A publisher that keeps what it was given; the broker itself is tested in the bus. */
function createRecorder() {
  const batches: (readonly OutboxMessage[])[] = [];
  let failures = 0;
  let gate: PromiseWithResolvers<void> | null = null;
  const published = () => batches.flat();
  const publisher: Publisher = {
    async publish(messages) {
      await gate?.promise;
      failures -= 1;
      if (failures === 0) throw new Error('the channel is closed');
      if (failures > 0) return messages.map(({ id }) => ({ id, confirmed: false }));
      batches.push(messages);
      return messages.map(({ id }) => ({ id, confirmed: true }));
    },
  };
  return {
    publisher,
    published,
    batches: () => batches,
    versionsOf: (subject: string) =>
      published()
        .filter(({ body }) => body.subject === subject)
        .map(({ body }) => body.aggregateversion),
    fail: (times: number) => void (failures = times + 1),
    hold: () => void (gate = Promise.withResolvers()),
    release: () => gate?.resolve(),
  };
}

/** A process that stands still between the commit and its fast path, until the test has ended. */
function createDeadPublisher(): Publisher {
  return {
    publish: async (messages) => {
      await testEnded.promise;
      return messages.map(({ id }) => ({ id, confirmed: false }));
    },
  };
}
