import { waitUntil } from '@ironforge/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { lockLane } from '../queries/nonce-lanes.ts';
import type { NeighbourWallet } from '../testbed/neighbours.fixture.ts';
import { broadcastsWritten } from '../testbed/published.fixture.ts';
import { created, payload, read, setPolicy, signedRequest } from '../testbed/story.fixture.ts';
import { CHAIN_ID, startWorld, type World } from '../testbed/world.fixture.ts';

let world: World;
let letGo: PromiseWithResolvers<void>;
let holding: Promise<void> | undefined;
beforeAll(async () => {
  world = await startWorld();
  await setPolicy(world, 'allow');
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  letGo = Promise.withResolvers();
});
afterEach(async () => {
  letGo.resolve();
  await holding;
});

test('bytes of another lane are sent again while somebody holds the lane that waits longest', async () => {
  const wallets = [world.addWallet(), world.addWallet()] as const;
  const held = await signedRequest(world, wallets[0]);
  const other = await signedRequest(world, wallets[1]);
  await hold(wallets[0]);
  await sentLongAgo(wallets);
  await waitUntil('the other to be sent again', async () => (await broadcastsWritten(world, other.id)) > 1);
  expect(leftBehind()).not.toContain(wallets[0].address);
  expect(await broadcastsWritten(world, held.id)).toBe(1);
  letGo.resolve();
  await waitUntil('the held one to be sent again', async () => (await broadcastsWritten(world, held.id)) > 1);
});

test('a gap of another lane is found while somebody holds the lane that comes first', async () => {
  const [first, second] = [world.addWallet(), world.addWallet()].toSorted(byAddress);
  if (first === undefined || second === undefined) throw new Error('two wallets were added');
  const behind = await signedBehindLease(first);
  const other = await signedBehindLease(second);
  await hold(first);
  await endLeases([first, second]);
  await waitUntil('a task for the gap of the other', () => isBehindTask(other));
  expect(leftBehind()).not.toContain(first.address);
  expect(await isBehindTask(behind)).toBe(false);
  letGo.resolve();
  await waitUntil('a task for the gap of the first', () => isBehindTask(behind));
});

function byAddress(one: NeighbourWallet, other: NeighbourWallet): number {
  return one.address < other.address ? -1 : 1;
}

/** Signed above a nonce that somebody holds who vanished. */
async function signedBehindLease(wallet: ReturnType<World['addWallet']>): Promise<string> {
  await payload(world, (await created(world, wallet.id)).id);
  return (await signedRequest(world, wallet)).id;
}

async function isBehindTask(id: string): Promise<boolean> {
  const { queuedBehind } = await read(world, id);
  return queuedBehind?.leaseEndsAt === null;
}

/** Another connection has the lane's row until it is let go. */
async function hold({ address }: NeighbourWallet): Promise<void> {
  const isHeld = Promise.withResolvers<void>();
  holding = world.store.forTenant(world.tenantId).transaction(
    async (tx) => {
      await lockLane(tx, { tenantId: world.tenantId, chainId: CHAIN_ID, address });
      isHeld.resolve();
      await letGo.promise;
    },
    { isolation: 'read committed' },
  );
  await Promise.race([isHeld.promise, holding]);
}

/** What was sent is due to be sent again, first what is named first. */
async function sentLongAgo(wallets: readonly NeighbourWallet[]): Promise<void> {
  const sql = `UPDATE tx_attempts SET sent_at = now() - INTERVAL '1 minute',
    updated_at = now() - INTERVAL '1 hour' + array_position($1, address) * INTERVAL '1 minute' WHERE address = ANY ($1)`;
  await world.database.query(sql, [wallets.map(({ address }) => address)]);
}

async function endLeases(wallets: readonly NeighbourWallet[]): Promise<void> {
  const sql = `UPDATE nonce_slots SET lease_expires_at = now() - INTERVAL '1 second' WHERE address = ANY ($1)`;
  await world.database.query(sql, [wallets.map(({ address }) => address)]);
}

/** The addresses that a sweep could not work at. */
function leftBehind(): readonly unknown[] {
  const left = world.log.lines.filter(({ message }) => message === 'a sweep left one behind; tried again');
  return left.map(({ fields }) => fields['address']);
}
