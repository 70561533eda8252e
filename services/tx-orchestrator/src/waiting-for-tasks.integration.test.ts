import { present } from '@ironforge/kernel';
import { type RouteInput, ROUTES } from '@ironforge/contracts';
import { createMetrics } from '@ironforge/service-kit';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startOrchestrator } from './app.ts';
import { parseConfig } from './config.ts';
import type { NeighbourWallet } from './testbed/neighbours.fixture.ts';
import { installPolicy } from './testbed/policies.fixture.ts';
import {
  askPayload,
  create,
  decide,
  payload,
  refusalOf,
  replyOf,
  setPolicy,
  sign,
  submit,
} from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
let wallet: ReturnType<World['addWallet']>;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  wallet = world.addWallet();
});

type Query = NonNullable<RouteInput<(typeof ROUTES)['listSigningTasks']>['query']>;

describe('a call that waits', () => {
  beforeAll(() => setPolicy(world, 'two of three'));

  /** A call that nothing will answer, begun before the others: what comes while it waits did not come by the time. */
  async function startHourglass() {
    const hangUp = new AbortController();
    const hourglass = { isOver: false, hangUp };
    const quiet = world.addWallet();
    void begin({ walletId: quiet.id }, hangUp.signal)
      .then(() => (hourglass.isOver = true))
      .catch(() => undefined);
    await waitUntil('the hourglass', async () => (await waiting()) > 0);
    return hourglass;
  }

  async function begin(query: Query, signal?: AbortSignal, url = world.url) {
    const input = { query: { walletId: wallet.id, wait: 30, ...query } };
    return await world.ask(world.people.signer, ROUTES.listSigningTasks, input, url, signal);
  }

  async function waiting(url = world.url): Promise<number> {
    const text = await (await fetch(new URL('/metrics', url))).text();
    return Number(/^signing_polls_waiting\S* (\d+)$/m.exec(text)?.[1]);
  }

  async function untilWaiting(count: number, url = world.url): Promise<void> {
    await waitUntil(`${count} calls to wait`, async () => (await waiting(url)) === count);
  }

  test('is answered when the last approval arrives', async () => {
    const hourglass = await startHourglass();
    const { id } = replyOf(await create(world, wallet.id));
    const answer = begin({});
    await untilWaiting(2);
    replyOf(await decide(world, world.people.ann, id));
    replyOf(await decide(world, world.people.ben, id));
    expect(replyOf(await answer).data).toMatchObject([{ id, kind: 'original' }]);
    expect(hourglass.isOver).toBe(false);
    hourglass.hangUp.abort();
    await untilWaiting(0);
  });

  test('is answered when a replacement is asked for, and when it is approved', async () => {
    const hourglass = await startHourglass();
    const { id, feeCeiling } = await approvedAndSigned();
    const ask = async (body: { feeCeiling?: string }) =>
      replyOf(
        await world.ask(world.people.operator, ROUTES.speedUpTransaction, { params: { id }, body }),
      ).attempts.at(-1);
    const above = await ask({ feeCeiling: (BigInt(feeCeiling) + 1n).toString() });
    const answer = begin({});
    await untilWaiting(2);
    for (const person of [world.people.ann, world.people.ben]) {
      const body = { decision: 'approve', intentHash: above?.intentHash ?? '' } as const;
      replyOf(await world.ask(person, ROUTES.decideTransaction, { params: { id }, body }));
    }
    expect(replyOf(await answer).data).toMatchObject([{ id: above?.id, kind: 'speed_up' }]);
    expect(hourglass.isOver).toBe(false);
    hourglass.hangUp.abort();
    await untilWaiting(0);
  });

  test('is answered when a lease ends, by that lease’s own time', async () => {
    const hourglass = await startHourglass();
    const id = await approved();
    await payload(world, id, 5);
    expect(replyOf(await begin({})).data).toMatchObject([{ id }]);
    expect(hourglass.isOver).toBe(false);
    hourglass.hangUp.abort();
    await untilWaiting(0);
  });

  test('is answered when a denial frees the one nonce that a request may take', async () => {
    const hourglass = await startHourglass();
    const [displaced, holder] = [await approved(), await approved()];
    await payload(world, displaced);
    await passLease(wallet);
    expect((await payload(world, holder, 86_400)).evm.nonce).toBe(0);
    const answer = begin({});
    await untilWaiting(2);
    await denyAll();
    expect(refusalOf(await askPayload(world, holder))).toBe('409 illegal_transition');
    expect(replyOf(await answer).data).toMatchObject([{ id: displaced }]);
    expect(hourglass.isOver).toBe(false);
    hourglass.hangUp.abort();
    await untilWaiting(0);
  });

  test('is answered with nothing when its time is over', async () => {
    expect(replyOf(await begin({ wait: 1 }))).toEqual({ data: [], nextCursor: null });
  });

  test('looks again after the broker was away, since it may have missed a word', async () => {
    const hourglass = await startHourglass();
    const id = await approved();
    await payload(world, id);
    const answer = begin({});
    await untilWaiting(2);
    await passLease(wallet);
    await waitUntil('a connection to cut', async () => (await world.vhost.closeConnections()) > 0);
    expect(replyOf(await answer).data).toMatchObject([{ id }]);
    expect(hourglass.isOver).toBe(false);
    hourglass.hangUp.abort();
    await untilWaiting(0);
  });

  test('ends when its caller hangs up', async () => {
    const hourglass = await startHourglass();
    const hangUp = new AbortController();
    const answer = begin({}, hangUp.signal);
    await untilWaiting(2);
    hangUp.abort();
    await expect(answer).rejects.toThrow('abort');
    await untilWaiting(1);
    expect(hourglass.isOver).toBe(false);
    hourglass.hangUp.abort();
    await untilWaiting(0);
  });

  test('ends at once, and in order, when the process is told to stop', async () => {
    const parts = { ...world, metrics: createMetrics('tx-orchestrator') };
    const second = await startOrchestrator(parseConfig(world.environment), parts);
    const answer = begin({}, undefined, second.url);
    await untilWaiting(1, second.url);
    await second[Symbol.asyncDispose]();
    expect(replyOf(await answer)).toEqual({ data: [], nextCursor: null });
  });

  test('finds a seat, or is told that all are taken; what needs no wait needs no seat', async () => {
    const hangUp = new AbortController();
    const seated = Array.from({ length: 32 }, () => begin({}, hangUp.signal));
    await untilWaiting(32);
    const refused = await begin({});
    expect(refusalOf(refused)).toBe('429 too_many_waiting');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(replyOf(await begin({ wait: 0 })).data).toEqual([]);
    hangUp.abort();
    await Promise.allSettled(seated);
    await untilWaiting(0);
  });

  async function denyAll(): Promise<void> {
    const rules = [{ name: 'deny', when: {}, effect: { type: 'deny' as const } }];
    const known = present(world.neighbourhood.wallets.get(wallet.id), 'the wallet');
    known.policyId = (await installPolicy(world, { name: 'deny', isDefault: false, rules })).id;
  }

  async function approved(): Promise<string> {
    const { id } = replyOf(await create(world, wallet.id));
    for (const person of [world.people.ann, world.people.ben]) replyOf(await decide(world, person, id));
    return id;
  }

  async function approvedAndSigned() {
    const id = await approved();
    const offer = await payload(world, id);
    return replyOf(await submit(world, offer, sign(wallet.key, offer)));
  }
});

/** Lets every lease of a wallet run out, in the database's time. */
async function passLease({ address }: NeighbourWallet): Promise<void> {
  const sql = `UPDATE nonce_slots SET lease_expires_at = now() - interval '1 second' WHERE address = $1`;
  await world.database.query(sql, [address]);
}
