import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { event, tenantId, versions } from './messages.fixture.ts';
import { openOutboxWorld, type OutboxWorld } from './outbox.fixture.ts';

// The outbox is the store's; its tests stand where store and bus may meet.
let world: OutboxWorld;
beforeEach(async () => {
  world = await openOutboxWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

test('what was added is published once, right after the commit, and marked', async () => {
  const message = event();
  await world.say(world.openOutbox(), message);
  await waitUntil('the row to be marked', world.allPublished);
  const { id, exchange, routingKey, body } = message;
  expect(await world.published()).toEqual([{ id, exchange, routing_key: routingKey, body }]);
});

test('nothing is published before the commit or after a rollback', async () => {
  const outbox = world.openOutbox();
  const [unsaid, before, after] = [event(), event(), event()];
  // An outbox publishes in the order in which it is told to, so what comes out later shows what did not come out.
  const sayAndWait = async (message: typeof unsaid) => {
    await world.say(outbox, message);
    await waitUntil('a later message', () => world.isPublished(message));
  };
  const rolledBack = world.store.forTenant(tenantId).transaction(async (tx) => {
    outbox.add(tx, [unsaid]);
    await sayAndWait(before);
    expect(await publishedIds()).toEqual([before.id]);
    throw new Error('no');
  });
  await expect(rolledBack).rejects.toThrow('no');
  await sayAndWait(after);
  expect(await publishedIds()).toEqual([before.id, after.id]);
  expect(await world.database.query('SELECT id FROM outbox WHERE id = $1', [unsaid.id])).toEqual([]);
});

test('a retried transaction publishes what its last try said, once', async () => {
  const outbox = world.openOutbox();
  let tries = 0;
  await world.store.forTenant(tenantId).transaction(async (tx) => {
    tries += 1;
    outbox.add(tx, [event({ version: tries })]);
    if (tries < 3) await tx.raw(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
  });
  await waitUntil('the row to be marked', world.allPublished);
  expect(await publishedVersions()).toEqual([3]);
});

test('the versions of one aggregate are relayed in order', async () => {
  const outbox = world.openOutbox();
  for (const message of versions(30)) await world.say(outbox, message);
  await waitUntil('the rows to be marked', world.allPublished);
  expect(await publishedVersions()).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});

test('what comes while a batch is on its way goes out in one batch', async () => {
  const outbox = world.openOutbox();
  world.line.hold();
  await world.say(outbox, event());
  await Promise.all(versions(19).map((message) => world.say(outbox, message)));
  world.line.heal();
  await waitUntil('the rows to be marked', world.allPublished);
  expect(world.batches.map(({ messages }) => messages.length)).toEqual([1, 19]);
  expect(await world.published()).toHaveLength(20);
});

test('a mark that is lost means twice, never not at all', async () => {
  const outbox = world.openOutbox({ claimMs: 100, sweepIntervalMs: 20 });
  outbox.start();
  await world.database.query('REVOKE UPDATE ON outbox FROM ironforge_system');
  const message = event();
  await world.say(outbox, message);
  await waitUntil('the mark to be lost', () => hasLogged('marking failed; the rows are published again'));
  expect(await publishedIds()).toEqual([message.id]);
  await world.database.query('GRANT UPDATE ON outbox TO ironforge_system');
  await waitUntil('the row to be marked', world.allPublished);
  expect(new Set(await publishedIds())).toEqual(new Set([message.id]));
});

test('disposing waits for what is under way', async () => {
  const outbox = world.openOutbox();
  const happened: string[] = [];
  world.line.hold();
  await world.say(outbox, event());
  const disposed = outbox[Symbol.asyncDispose]().then(() => happened.push('disposed'));
  // What waits for nothing is done before a new connection to the database is.
  await world.database.query('SELECT 1');
  happened.push('released');
  world.line.heal();
  await disposed;
  expect(happened).toEqual(['released', 'disposed']);
  expect(await world.allPublished()).toBe(true);
});

test('a message that no reader could parse is refused where it is written, with its state change', async () => {
  const outbox = world.openOutbox();
  const message = event();
  const tooLong = { ...message, body: { ...message.body, clientip: '1'.repeat(46) } };
  await expect(world.say(outbox, tooLong)).rejects.toThrow('clientip');
  expect(await world.pending()).toEqual([]);
});

async function publishedIds(): Promise<unknown[]> {
  return (await world.published()).map(({ id }) => id);
}

async function publishedVersions(): Promise<number[]> {
  return (await world.published()).map(({ body }) => body.aggregateversion);
}

function hasLogged(text: string): boolean {
  return world.log.lines.some(({ message }) => message === text);
}
