import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { type Anvil, startAnvil, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { callAs, person } from '../callers.fixture.ts';
import { ALICE, BOB, CAROL } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

const FINAL = { finality: { kind: 'depth', depth: 3 } } as const;

let second: Anvil;
let world: World;
let url: string;

beforeEach(async () => {
  second = await startAnvil({ chainId: 31338 });
  world = await startWorld(FINAL, {}, [second]);
  url = (await world.startWatcher()).url;
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
});

/** Both chains as one plays on them. */
const both = () => [
  { anvil: world.anvil, ...world.on(world.anvil) },
  { anvil: second, ...world.on(second) },
];
type Side = ReturnType<typeof both>[number];

it('one address sends and receives on two chains by the same nonce, each told by its own chain', async () => {
  const sides = both();
  const played = await Promise.all(sides.map(payAndReceive));
  for (const { chainId, requestId, txHash, deposit } of played) {
    const observed = world.all('chain.tx_observed').filter((data) => data.requestId === requestId);
    expect(observed.map(({ winner }) => winner?.txHash ?? null)).toEqual([txHash, txHash]);
    const spent = world.all('chain.nonce_spent').filter((data) => data.chainId === chainId);
    expect(spent.map(({ nonce, tx }) => [nonce, tx?.hash])).toEqual([
      [0, txHash],
      [0, txHash],
    ]);
    const deposits = world.all('chain.deposit_observed').filter((data) => data.chainId === chainId);
    expect(deposits.map((data) => [data.txHash, data.assetId])).toEqual(
      Array.from({ length: 2 }, () => [deposit, `${chainId}/slip44:60`]),
    );
  }
  const [one, two] = played;
  expect(one?.txHash).not.toBe(two?.txHash);
});

it('the blocks of one chain make nothing of the other deeper, and their undoing takes nothing of it back', async () => {
  const [first, other] = both();
  if (first === undefined || other === undefined) throw new Error('there are two chains');
  await other.watch(ALICE);
  await payAndBePaid(other);
  await other.anvil.mine();
  await other.caughtUp();
  expect(await standing(other)).toEqual(AT_FIRST);
  await payAndReceive(first);
  expect(await standing(other)).toEqual(AT_FIRST);
  await first.anvil.reorg(2);
  await first.caughtUp();
  expect(await standing(other)).toEqual(AT_FIRST);
  await first.anvil.mine(2);
  await first.caughtUp();
  expect(await standing(other)).toEqual(AT_FIRST);
});

it('a chain whose node stands still, and one that forked below finality, hold the other up in nothing', async () => {
  const [first, other] = both();
  if (first === undefined || other === undefined) throw new Error('there are two chains');
  await other.anvil.mine(5);
  await other.caughtUp();
  other.anvil.freeze();
  await waitUntil(
    'the second chain to be behind',
    async () => (await statuses())['eip155:31338'] === 'behind',
  );
  await payAndReceive(first);
  other.anvil.resume();
  await other.anvil.reorg(4);
  await waitUntil('the second chain to stop', async () => (await statuses())['eip155:31338'] === 'stopped');
  await first.transfer(CAROL, ALICE, 2n);
  await first.anvil.mine(2);
  await world.hear('chain.deposit_observed', ({ amount, depth }) => amount === '2' && depth === 'confirmed');
  await waitUntil('the first chain to be followed', async () => {
    const { 'eip155:31337': one, 'eip155:31338': two } = await statuses();
    return one === 'following' && two === 'stopped';
  });
});

/** ALICE sends by her first nonce, and is paid; nothing is mined yet. */
async function payAndBePaid(side: Side) {
  const { raw, txHash } = await side.sign({ from: ALICE, to: BOB, value: '0x1', nonce: '0x0' });
  const { requestId } = await side.broadcast({ address: ALICE, nonce: 0, raw, txHash });
  await world.hear('chain.tx_accepted', (data) => data.requestId === requestId);
  return { requestId, txHash, deposit: await side.transfer(CAROL, ALICE, 1n) };
}

async function payAndReceive(side: Side) {
  const { chainId } = side.anvil;
  await side.watch(ALICE);
  const { requestId, txHash, deposit } = await payAndBePaid(side);
  await side.anvil.mine(2);
  const isDone = (data: { readonly depth: string }) => data.depth === 'confirmed';
  await world.hear('chain.tx_observed', (data) => data.requestId === requestId && isDone(data));
  await world.hear('chain.nonce_spent', (data) => data.chainId === chainId && isDone(data));
  await world.hear('chain.deposit_observed', (data) => data.chainId === chainId && isDone(data));
  await side.caughtUp();
  return { chainId, requestId, txHash, deposit };
}

/** A nonce, a request, and the two transfers, in the newest block. */
const AT_FIRST = ['in pending', 'nonce included', 'out pending', 'request included'];

/** How deep lies what a chain has shown. */
async function standing({ anvil: { chainId } }: Side): Promise<string[]> {
  const rows = await world.database.query(
    `SELECT 'nonce' AS what, depth FROM spent_nonces WHERE chain_id = $1
     UNION ALL SELECT 'request', depth FROM watches WHERE chain_id = $1
     UNION ALL SELECT direction, status FROM transactions WHERE chain_id = $1`,
    [chainId],
  );
  return rows.map(({ what, depth }) => `${String(what)} ${String(depth)}`).toSorted();
}

async function statuses(): Promise<Record<string, string>> {
  const { body } = await callAs(person(world.tenantId, randomUUID()), `${url}/v1/chains`);
  const { data } = ROUTES.listChains.reply.parse(body);
  return Object.fromEntries(data.map(({ chainId, status }) => [chainId, status]));
}
