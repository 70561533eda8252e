import {
  createRpcProxy,
  type ProxiedAnswer,
  type ProxiedCall,
  type RpcProxy,
  waitUntil,
} from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, BOB } from '../chain-play.fixture.ts';
import { NATIVE } from '../watcher.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

const INTERNAL = { error: { code: -32_603, message: 'Internal error' } };

let world: World;
let line: RpcProxy;

beforeEach(async () => {
  world = await startWorld(async ({ rpcUrl }) => {
    line = await createRpcProxy(rpcUrl);
    return { rpcUrls: [line.url], sweepBlocks: 2 };
  });
  await world.startWatcher();
});
afterEach(async () => {
  for (const part of [world, line]) await part[Symbol.asyncDispose]();
});

describe('a balance that the node would not tell', () => {
  it('is no balance of 0: a sweep books nothing gone, and nothing come back', async () => {
    const { walletId } = await watchBob();
    await swept();
    answer(isOf('eth_getBalance', BOB), INTERNAL);
    await swept();
    line.heal();
    await swept();
    expect(await rows(`wallet_id = '${walletId}'`)).toEqual([]);
  });

  it('of a token waits by itself, and is told when the node tells it; the coin is told at once', async () => {
    const { walletId, token } = await watchBob();
    answer(isOf('eth_call', BOB), INTERNAL);
    const before = world.all('wallet.balance_observed').length;
    await token.transfer(BOB, 900n);
    await world.anvil.mine();
    await world.readBalances({ walletId, address: BOB });
    await world.hear('chain.deposit_observed', ({ amount }) => amount === '900');
    await waitUntil('the coin to be told', () => toldSince(before).includes(NATIVE));
    expect(toldSince(before)).not.toContain(token.assetId);
    line.heal();
    await world.hear('wallet.balance_observed', ({ amount }) => amount === '900');
  });

  it('of a token is asked for once, however often it was touched meanwhile', async () => {
    const { walletId, token } = await watchBob();
    answer(isOf('eth_call', BOB), INTERNAL);
    const before = { taken: await takenIn(), told: world.all('wallet.balance_observed').length };
    for (let count = 0; count < 3; count++) await world.readBalances({ walletId, address: BOB });
    await waitUntil('all but one', async () => (await takenIn()) === before.taken + 5, { timeoutMs: 40_000 });
    line.heal();
    await waitUntil('the token', () => toldSince(before.told).includes(token.assetId));
    expect(toldSince(before.told).filter((assetId) => assetId === token.assetId)).toHaveLength(1);
    expect(await world.database.query('SELECT 1 FROM balance_questions')).toEqual([]);
  });

  it('before a block makes no difference of what its log says', async () => {
    const { token } = await watchBob();
    await world.watch(ALICE);
    await token.transfer(BOB, 1_000n);
    await world.anvil.mine();
    await world.hear('wallet.balance_observed', ({ amount }) => amount === '1000');
    const [parent] = await world.database.query('SELECT hash FROM chain_cursors');
    const isBefore = isOf('eth_call', BOB);
    answer((call) => isBefore(call) && JSON.stringify(call).includes(String(parent?.['hash'])), INTERNAL);
    await token.transfer(ALICE, 6n);
    await token.transfer(BOB, 5n);
    await world.anvil.mine();
    const told = await world.hear(
      'chain.deposit_observed',
      ({ to, amount }) => to === BOB && amount !== '1000',
    );
    expect(told).toMatchObject({ amount: '5', loggedAmount: null });
  });
});

describe('a token that nobody can be asked about in time', () => {
  const ABORTED = { error: { code: -32_000, message: 'execution aborted (timeout = 5s)' } };

  it.each([
    ['in its own answer', () => answer(isOf('eth_call', BOB), ABORTED)],
    ['with all that is asked together', () => line.interfere(silentOn(isOf('eth_call', BOB)))],
  ])('%s stops neither the chain nor the sweep nor a backfill', async (_, harm) => {
    const { walletId, token } = await watchBob();
    harm();
    await token.transfer(BOB, 900n);
    await world.payThrough(BOB, 7n);
    await world.anvil.mine();
    await world.hear('chain.deposit_observed', ({ amount }) => amount === '900');
    await world.anvil.mine(3);
    await world.caughtUp();
    await world.hear('chain.deposit_observed', ({ kind, amount }) => kind === 'internal' && amount === '7');
    await backfilled(walletId);
    line.heal();
    await world.hear('wallet.balance_observed', ({ amount }) => amount === '900');
  });
});

describe('a node that is asked too often', () => {
  it('is waited for: what a token says of a transfer is still held against its balances', async () => {
    const token = await world.deployToken({ feePercent: 10 });
    await world.watchAsset(token.assetId);
    await world.watch(BOB);
    const isReading = isOf('eth_call', BOB);
    let refusals = 0;
    line.interfere((call, real) => (isReading(call) && refusals++ < 12 ? TOO_OFTEN : real()));
    await token.transfer(BOB, 100n);
    await world.anvil.mine();
    const told = await world.hear('chain.deposit_observed', ({ to }) => to === BOB);
    expect(told).toMatchObject({ amount: '90', loggedAmount: '100' });
  });

  const TOO_OFTEN = {
    error: { code: -32_005, message: 'request rate limited', data: { rate: { backoff_seconds: 0.2 } } },
  };
});

describe('a sweep that cannot go on', () => {
  it('keeps no backfill from its end', async () => {
    const { walletId } = await watchBob();
    await swept();
    await world.database.query('ALTER TABLE balance_sweeps RENAME TO balance_sweeps_away');
    await world.anvil.mine(3);
    await backfilled(walletId);
  });
});

async function backfilled(walletId: string): Promise<void> {
  await world.database.query(
    `INSERT INTO backfills (id, tenant_id, wallet_id, user_id, chain_id, address, from_height, to_height, next_height, status)
     SELECT gen_random_uuid(), tenant_id, wallet_id, user_id, chain_id, address, 0, 1, 0, 'running'
     FROM watched_addresses WHERE wallet_id = $1`,
    [walletId],
  );
  await waitUntil('the backfill', async () => {
    const [row] = await world.database.query('SELECT status FROM backfills');
    return row?.['status'] === 'done';
  });
}

/** Answers nothing to a request that holds such a call, as a server does that answers a list as a whole. */
function silentOn(isMeant: (call: ProxiedCall) => boolean): Parameters<RpcProxy['interfere']>[0] {
  return async (call, real) => {
    if (isMeant(call)) throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    return await real();
  };
}

async function watchBob() {
  const token = await world.deployToken();
  await world.watchAsset(token.assetId);
  const walletId = await world.watch(BOB);
  await world.readBalances({ walletId, address: BOB });
  await world.hear('wallet.balance_observed', ({ assetId }) => assetId === token.assetId);
  return { token, walletId };
}

function answer(isMeant: (call: ProxiedCall) => boolean, instead: ProxiedAnswer): void {
  line.interfere((call, real) => (isMeant(call) ? instead : real()));
}

/** The reading of one address' balance. */
function isOf(method: string, address: string): (call: ProxiedCall) => boolean {
  const digits = address.slice(2).toLowerCase();
  return (call) => call.method === method && JSON.stringify(call.params).toLowerCase().includes(digits);
}

/** How many messages were taken in for good. */
async function takenIn(): Promise<number> {
  return (await world.database.query('SELECT 1 FROM inbox')).length;
}

function toldSince(count: number): string[] {
  return world
    .all('wallet.balance_observed')
    .slice(count)
    .map(({ assetId }) => assetId);
}

/** Waits until a sweep has begun and ended at a block from now on. */
async function swept(): Promise<void> {
  await world.anvil.mine(3);
  const target = Number(await world.anvil.rpc('eth_blockNumber'));
  await waitUntil('a sweep', async () => {
    const [sweep] = await world.database.query('SELECT last_height FROM balance_sweeps');
    return Number(sweep?.['last_height']) >= target - 1;
  });
}

async function rows(condition: string) {
  return await world.database.query(`SELECT direction, kind, amount FROM transactions WHERE ${condition}`);
}
