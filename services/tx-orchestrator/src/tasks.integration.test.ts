import { branded, present, type TenantId } from '@ironforge/kernel';
import { type RouteInput, ROUTES } from '@ironforge/contracts';
import { createMetrics } from '@ironforge/service-kit';
import { waitUntil } from '@ironforge/testing';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startOrchestrator } from './app.ts';
import { parseConfig } from './config.ts';
import type { NeighbourWallet } from './testbed/neighbours.fixture.ts';
import { installPolicy } from './testbed/policies.fixture.ts';
import {
  askPayload,
  create,
  created,
  decide,
  payload,
  read,
  refusalOf,
  replyOf,
  setPolicy,
  sign,
  signedRequest,
  submit,
} from './testbed/story.fixture.ts';
import { type Person, startWorld, type World } from './testbed/world.fixture.ts';

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

/** What the signer may sign of the wallet of this test. */
async function tasks(query: Query = {}, person: Person = world.people.signer) {
  const all = { walletId: wallet.id, ...query };
  return replyOf(await world.ask(person, ROUTES.listSigningTasks, { query: all }));
}

async function idsOf(query: Query = {}): Promise<string[]> {
  return (await tasks(query)).data.map(({ transactionId }) => transactionId);
}

describe('the list', () => {
  beforeAll(() => setPolicy(world, 'allow'));

  test('shows what is approved, oldest first, page by page, with whose it is', async () => {
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push((await created(world, wallet.id)).id);
    await created(world, wallet.id, { submit: false });
    const first = await tasks({ limit: 2 });
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const { address, chainId } = wallet;
    const { updatedAt: since } = await read(world, ids[0] ?? '');
    expect(first.data[0]).toEqual({
      id: ids[0],
      kind: 'original',
      transactionId: ids[0],
      walletId: wallet.id,
      address,
      chainId,
      since,
    });
    const next = await tasks({ limit: 2, cursor: first.nextCursor ?? '' });
    expect([next.data.map(({ id }) => id), next.nextCursor]).toEqual([ids.slice(2), null]);
  });

  test('filters by sender, in any case of letters, and leaves out what it is told to', async () => {
    const [one, two] = [await created(world, wallet.id), await created(world, wallet.id)];
    const other = world.addWallet();
    const third = await created(world, other.id);
    const query = { walletId: undefined, address: `${wallet.address.toLowerCase()},${other.address}` };
    expect(await idsOf(query)).toEqual([one.id, two.id, third.id]);
    expect(await idsOf({ ...query, except: `${one.id},${third.id}` })).toEqual([two.id]);
    expect(await idsOf({ ...query, address: world.addWallet().address })).toEqual([]);
  });

  test('shows nothing to another tenant, and no other people’s requests to who may see his own alone', async () => {
    const { id } = await created(world, wallet.id);
    const stranger = branded<TenantId>(randomUUID());
    const theirs = await world.askFrom(stranger, world.people.signer, ROUTES.listSigningTasks, {});
    expect(replyOf(theirs).data).toEqual([]);
    expect(refusalOf(await world.ask(world.people.operator, ROUTES.listSigningTasks))).toBe(
      '403 permission_denied',
    );
    expect(await idsOf()).toEqual([id]);
  });

  test('leaves out what is under a lease until it has ended, and what is signed for good', async () => {
    const { id } = await created(world, wallet.id);
    const offer = await payload(world, id);
    expect(await idsOf()).toEqual([]);
    await passLease(wallet);
    expect(await idsOf()).toEqual([id]);
    replyOf(await submit(world, offer, sign(wallet.key, offer)));
    expect(await idsOf()).toEqual([]);
  });

  test('leaves out a request whose nonce another one took over, until that one’s lease has ended too', async () => {
    const first = await created(world, wallet.id);
    await payload(world, first.id);
    await passLease(wallet);
    const second = await created(world, wallet.id);
    await payload(world, second.id);
    expect(await idsOf()).toEqual([]);
    expect(refusalOf(await askPayload(world, first.id))).toBe('409 waiting_for_nonce');
    await passLease(wallet);
    expect(await idsOf()).toEqual([first.id, second.id]);
  });

  test.each([
    ['speed_up', ROUTES.speedUpTransaction],
    ['cancel', ROUTES.cancelOnChain],
  ] as const)(
    'shows a %s by its own id, without a lease of its own, however long the payment’s ran',
    async (kind, route) => {
      const { id } = await signedRequest(world, wallet);
      const ask = { params: { id }, body: {} };
      const { attempts } = replyOf(await world.ask(world.people.operator, route, ask));
      expect((await tasks()).data).toMatchObject([{ id: attempts[1]?.id, kind, transactionId: id }]);
      expect((await tasks({ except: attempts[1]?.id })).data).toEqual([]);
      const offered = await world.ask(world.people.signer, ROUTES.createSigningPayload, {
        params: { id },
        body: { kind },
      });
      expect((await tasks()).data).toEqual([]);
      await passLease(wallet);
      expect(await idsOf()).toEqual([id]);
      const offer = replyOf(offered);
      replyOf(await submit(world, offer, sign(wallet.key, offer)));
      expect((await tasks()).data).toEqual([]);
    },
  );

  test('calls a task of the system by its name', async () => {
    const below = await created(world, wallet.id);
    await payload(world, below.id);
    await signedRequest(world, wallet);
    await passLease(wallet);
    const gap = await waitUntil('the gap fill', async () =>
      (await tasks()).data.find(({ kind }) => kind === 'gap_fill'),
    );
    expect(await read(world, gap.transactionId)).toMatchObject({ kind: 'gap_fill', status: 'approved' });
    expect(gap.id).toBe(gap.transactionId);
  });
});

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
