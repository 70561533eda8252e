import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChainWatcher } from '../app.ts';
import { askQuote } from '../callers.fixture.ts';
import { ALICE, BOB, CAROL } from '../chain-play.fixture.ts';
import { createDelegationPlay } from '../delegation-play.fixture.ts';
import { NATIVE } from '../watcher.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let watcher: ChainWatcher;
let chain: ReturnType<typeof createDelegationPlay>;

beforeEach(async () => {
  world = await startWorld({}, { extraArguments: ['--hardfork', 'prague'] });
  chain = createDelegationPlay(world.anvil);
  watcher = await world.startWatcher();
  await world.watch(ALICE);
});
afterEach(() => world[Symbol.asyncDispose]());

describe('a nonce that an authorization in somebody else’s transaction spent', () => {
  it('is told at each depth, without a transaction, to whoever was told a higher count', async () => {
    expect(await quotedCount()).toBe(0);
    await chain.delegate(0);
    await world.anvil.mine();
    await world.caughtUp();
    expect(await quotedCount()).toBe(1);
    await world.anvil.mine();
    const included = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    expect(included).toMatchObject({ address: ALICE, nonce: 0, version: 1, tx: null });
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth, tx }) => depth === 'confirmed' && tx === null);
    await world.anvil.mine(30);
    await world.hear('chain.nonce_spent', ({ depth, tx }) => depth === 'finalized' && tx === null);
    await world.caughtUp();
    expect(versions()).toEqual(['1 included', '2 confirmed', '3 finalized']);
  });

  it('is told when signed bytes wait for it, though nobody asks', async () => {
    await sendLost();
    await chain.delegate(0);
    await world.anvil.mine();
    const included = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    expect(included).toMatchObject({ nonce: 0, tx: null });
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
    expect(world.all('chain.tx_observed').map(({ depth }) => depth)).toEqual([]);
  });

  it('is told beside the sender’s own transaction above it, which proves it', async () => {
    await quotedCount();
    await chain.delegate(0);
    await world.anvil.mine();
    const hash = await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ nonce, tx }) => nonce === 1 && tx?.hash === hash);
    await world.hear('chain.nonce_spent', ({ nonce, tx }) => nonce === 0 && tx === null);
  });

  it('is told once, by a watcher that was started again too', async () => {
    await sendLost();
    await chain.delegate(0);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    await watcher[Symbol.asyncDispose]();
    watcher = await world.startWatcher();
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
    await quotedCount();
    await world.anvil.mine();
    await world.caughtUp();
    expect(versions()).toEqual(['1 included', '2 confirmed']);
  });

  it('is taken back by a reorg, and told anew when it comes again', async () => {
    await sendLost();
    const raw = await chain.delegate(0);
    await world.anvil.mine(2);
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    await world.caughtUp();
    await world.anvil.reorg(2);
    await world.hear('chain.nonce_spent', ({ depth, tx }) => depth === 'none' && tx === null);
    await world.caughtUp();
    const heard = world.all('chain.nonce_spent').length;
    await world.anvil.mine();
    await world.caughtUp();
    expect(world.all('chain.nonce_spent')).toHaveLength(heard);
    await world.anvil.rpc('eth_sendRawTransaction', [raw]);
    await world.anvil.mine(2);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth, version }) => depth === 'included' && version > heard);
  });
});

it('a nonce is confirmed by the head of a node that has forgotten the state of its block', async () => {
  await world[Symbol.asyncDispose]();
  world = await startWorld({}, { extraArguments: ['--hardfork', 'prague', '--prune-history', '1'] });
  chain = createDelegationPlay(world.anvil);
  watcher = await world.startWatcher();
  await world.watch(ALICE);
  await sendLost();
  await chain.delegate(0);
  await world.anvil.mine();
  const { height } = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
  await watcher[Symbol.asyncDispose]();
  await world.anvil.mine(8);
  const pin = `0x${height.toString(16)}`;
  await expect(world.anvil.rpc('eth_getTransactionCount', [ALICE, pin])).rejects.toThrow(
    'eth_getTransactionCount',
  );
  watcher = await world.startWatcher();
  await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
});

describe('a nonce that no list in any block shows', () => {
  it('is told all the same: the code that the sender delegated to created a contract', async () => {
    const creator = await chain.deployCreator();
    await chain.delegate(0, creator);
    await world.anvil.mine();
    expect(await quotedCount()).toBe(1);
    await sendLost(1);
    await chain.call(ALICE);
    await world.anvil.mine();
    const included = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    expect(included).toMatchObject({ address: ALICE, nonce: 1, tx: null });
    expect(await quotedCount()).toBe(2);
  });
});

it('nonces that were spent before anybody could be offered one are not told', async () => {
  await chain.delegate(0);
  await world.anvil.mine();
  await world.caughtUp();
  expect(await quotedCount()).toBe(1);
  await sendLost(1);
  await world.anvil.mine();
  await world.caughtUp();
  const hash = await world.transfer(ALICE, BOB, 1n);
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ tx }) => tx?.hash === hash);
  expect(world.all('chain.nonce_spent').map(({ nonce }) => nonce)).toEqual([1]);
});

async function quotedCount(): Promise<number> {
  const transfer = { from: ALICE.toLowerCase(), to: BOB, assetId: NATIVE, amount: '1' };
  const { body } = await askQuote(watcher.url, { chainId: world.anvil.chainId, ...transfer });
  return INTERNAL_ROUTES.quote.reply.parse(body).minedCount;
}

/** Signed bytes that the node took and then forgot. */
async function sendLost(nonce = 0): Promise<void> {
  const call = { from: ALICE, to: CAROL, value: '0x1', nonce: `0x${nonce.toString(16)}` };
  const { raw, txHash } = await world.sign(call);
  await world.broadcast({ address: ALICE, nonce, raw, txHash });
  await world.hear('chain.tx_accepted', (accepted) => accepted.txHash === txHash);
  await world.anvil.rpc('anvil_dropTransaction', [txHash]);
}

function versions(): string[] {
  return world.all('chain.nonce_spent').map(({ version, depth }) => `${version} ${depth}`);
}
