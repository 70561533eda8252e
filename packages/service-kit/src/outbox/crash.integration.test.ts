import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { event } from './messages.fixture.ts';
import { openOutboxWorld, type OutboxWorld } from './outbox.fixture.ts';
import { leaveByCrash, spawnDoomed } from './spawn-doomed.fixture.ts';

/** A claim that does not end during a test. */
const CLAIM_MS = 600_000;

let world: OutboxWorld;
beforeEach(async () => {
  world = await openOutboxWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

test('the sweeper finds what a crash left, in order, and leaves alone what another process still holds', async () => {
  for (const version of [1, 2, 3]) await leaveByCrash(world, [event({ version })]);
  await using stopped = await spawnDoomed(world, { ending: 'SIGSTOP', claimMs: CLAIM_MS });
  const held = event({ version: 4 });
  await stopped.write(held);
  await stopped.commit();
  world.openOutbox({ sweepIntervalMs: 20 }).start();
  const left = await waitUntil('the marks', async () => {
    const ids = await world.pending();
    return ids.length === 1 && ids;
  });
  expect(left).toEqual([held.id]);
  expect(await publishedVersions()).toEqual([1, 2, 3]);
});

test('rows that commit late, below what was swept before, are found', async () => {
  await using late = await spawnDoomed(world);
  world.openOutbox({ sweepIntervalMs: 10 }).start();
  const [older, younger] = [event({ version: 1 }), event({ version: 2 })];
  await late.write(older);
  await leaveByCrash(world, [younger]);
  await waitUntil('the younger row', () => world.isPublished(younger));
  await late.commit();
  await waitUntil('the older row', () => world.isPublished(older));
  expect(await publishedVersions()).toEqual([2, 1]);
});

test('two sweepers publish each of 500 rows once', async () => {
  await leaveByCrash(
    world,
    Array.from({ length: 500 }, (_, index) => event({ subject: `s${index}` })),
  );
  world.openOutbox({ sweepIntervalMs: 5, claimMs: CLAIM_MS }).start();
  world.openOutbox({ sweepIntervalMs: 5, claimMs: CLAIM_MS, store: world.openStore() }).start();
  await waitUntil('the rows to be marked', world.allPublished);
  const published = await world.published();
  expect(published).toHaveLength(500);
  expect(new Set(published.map(({ id }) => id)).size).toBe(500);
});

test('a sweeper takes only the rows of its own service', async () => {
  const [theirs, ours] = [event({ subject: 'theirs' }), event({ subject: 'ours' })];
  await leaveByCrash(world, [theirs], { service: 'other' });
  await leaveByCrash(world, [ours]);
  world.openOutbox({ sweepIntervalMs: 5 }).start();
  // Ours was left later, so a sweep that finds it had theirs before it.
  await waitUntil('our message', () => world.isPublished(ours));
  expect((await world.published()).map(({ body }) => body.subject)).toEqual(['ours']);
  expect(await world.pending()).toEqual([theirs.id]);
});

async function publishedVersions(): Promise<number[]> {
  return (await world.published()).map(({ body }) => body.aggregateversion);
}
