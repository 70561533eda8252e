import { branded, type TenantId } from '@ironforge/kernel';
import { type RouteInput, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NeighbourWallet } from './testbed/neighbours.fixture.ts';
import {
  askPayload,
  created,
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

/** Lets every lease of a wallet run out, in the database's time. */
async function passLease({ address }: NeighbourWallet): Promise<void> {
  const sql = `UPDATE nonce_slots SET lease_expires_at = now() - interval '1 second' WHERE address = $1`;
  await world.database.query(sql, [address]);
}
