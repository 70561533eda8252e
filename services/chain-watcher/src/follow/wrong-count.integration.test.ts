import { type Anvil, createRpcProxy, type RpcProxy } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE, CAROL } from '../chain-play.fixture.ts';
import { createDelegationPlay } from '../delegation-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

/** Ends a wait that hangs; nothing is measured. */
const LONG = { timeout: 60_000 };
let world: World;
let node: RpcProxy;
let chain: ReturnType<typeof createDelegationPlay>;

beforeEach(async () => {
  world = await startWorld(behindProxy, { extraArguments: ['--hardfork', 'prague'] });
  chain = createDelegationPlay(world.anvil);
  await world.startWatcher();
  await world.watch(ALICE);
});
afterEach(async () => {
  for (const part of [world, node]) await part[Symbol.asyncDispose]();
});

it('a count that was too high is taken back by itself, and what was spent is counted anew', async () => {
  await sendLost();
  await chain.delegate(0);
  countAs('0x3');
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ depth, nonce }) => depth === 'included' && nonce === 2);
  await world.caughtUp();
  node.heal();
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ depth, nonce }) => depth === 'none' && nonce === 2);
  await world.caughtUp();
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ depth, nonce }) => depth === 'confirmed' && nonce === 0);
  expect(told(0)).toEqual(['included', 'none', 'included', 'confirmed']);
  expect(told(1)).toEqual(['included', 'none']);
  expect(await unspent()).toEqual([1, 2]);
});

it.each(['0xffffffff', '0xfffffffffffffffe'])(
  'a count of %s is written down for a hundred nonces at most, and taken back',
  async (count) => {
    await sendLost();
    countAs(count);
    await world.anvil.mine();
    await world.caughtUp();
    expect(await rows()).toBe(100);
    node.heal();
    await world.anvil.mine(3);
    await world.caughtUp();
    expect(await unspent()).toHaveLength(await rows());
    expect(told(0)).not.toContain('confirmed');
    await chain.delegate(0);
    await world.anvil.mine();
    await world.caughtUp();
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth, nonce }) => depth === 'confirmed' && nonce === 0);
  },
);

it('a chain that stands for long says so with an alert, and that it goes on', async () => {
  const saw = (text: string) => world.log.lines.filter(({ message }) => message === text);
  node.hangUp();
  await expect.poll(() => saw('the chain stands still').length, LONG).toBe(1);
  expect(saw('the chain stands still')[0]?.fields).toMatchObject({
    chainId: world.anvil.chainId,
    alert: true,
  });
  await world.lookedAtAgain();
  expect(saw('the chain stands still')).toHaveLength(1);
  node.heal();
  await expect.poll(() => saw('the chain stood still, and goes on').length, LONG).toBe(1);
});

async function behindProxy({ rpcUrl }: Anvil) {
  node = await createRpcProxy(rpcUrl);
  return { rpcUrls: [node.url] };
}

/** The node says from now on that so many nonces are spent. */
function countAs(count: string): void {
  node.interfere(({ method }, real) => (method === 'eth_getTransactionCount' ? { result: count } : real()));
}

/** Signed bytes that the node took and then forgot. */
async function sendLost(): Promise<void> {
  const { raw, txHash } = await world.sign({ from: ALICE, to: CAROL, value: '0x1', nonce: '0x0' });
  await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
  await world.hear('chain.tx_accepted', (accepted) => accepted.txHash === txHash);
  await world.anvil.rpc('anvil_dropTransaction', [txHash]);
}

function told(nonce: number): string[] {
  const ofNonce = world.all('chain.nonce_spent').filter((spent) => spent.nonce === nonce);
  return ofNonce.toSorted((a, b) => a.version - b.version).map(({ depth }) => depth);
}

async function rows(): Promise<number> {
  return (await world.database.query('SELECT 1 FROM spent_nonces')).length;
}

async function unspent(): Promise<number[]> {
  const sql = "SELECT nonce FROM spent_nonces WHERE depth = 'none' ORDER BY nonce";
  return (await world.database.query(sql)).map(({ nonce }) => Number(nonce));
}
