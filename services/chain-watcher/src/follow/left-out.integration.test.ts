import { parseJson } from '@ironforge/kernel';
import { type Anvil, createRpcProxy, type ProxiedAnswer, type RpcProxy } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE, CAROL } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

/** Ends a wait that hangs; nothing is measured. */
const LONG = { timeout: 60_000 };
let world: World;
let one: RpcProxy;
let two: RpcProxy;

beforeEach(async () => {
  world = await startWorld(behindTwoProxies);
  await world.startWatcher();
  await world.watch(ALICE);
});
afterEach(async () => {
  for (const part of [world, one, two]) await part[Symbol.asyncDispose]();
});

it('a payment that one endpoint leaves out of its block is never called spent by nobody, and counts when they agree', async () => {
  const { attemptId, txHash } = await sendAndLeaveOut();
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ depth, tx }) => depth === 'included' && tx === null);
  await world.anvil.mine();
  await expect.poll(() => met('a second reading of block'), LONG).toBe(true);
  await world.lookedAtAgain();
  expect(told()).toEqual(['included null']);
  one.heal();
  await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
  expect(told()).toEqual(['included null', 'none null', `included ${txHash}`, `confirmed ${txHash}`]);
  const { winner } = await world.hear('chain.tx_observed', ({ depth }) => depth === 'confirmed');
  expect(winner).toMatchObject({ attemptId, txHash, success: true });
});

it('a payment that was left out of an older block than the one that showed its nonce as spent is found there', async () => {
  const { attemptId, txHash } = await sendAndLeaveOut();
  const honest = hiding(txHash);
  one.interfere(async (call, real) => {
    if (call.method === 'eth_getTransactionCount') return { result: '0x0' };
    return await honest(call, real);
  });
  await world.anvil.mine(3);
  await world.caughtUp();
  expect(told()).toEqual([]);
  one.interfere(honest);
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ depth, tx }) => depth === 'included' && tx === null);
  one.heal();
  await world.anvil.mine();
  const { winner, height } = await world.hear('chain.tx_observed', ({ depth }) => depth === 'confirmed');
  expect(winner).toMatchObject({ attemptId, txHash });
  expect(height - Number(winner?.blockHeight), 'blocks on top of it').toBeGreaterThanOrEqual(1);
  expect(told().filter((line) => line === 'confirmed null')).toEqual([]);
});

/** ALICE's payment, which the first endpoint hides from now on. */
async function sendAndLeaveOut() {
  const payload = await world.sign({ from: ALICE, to: CAROL, value: '0x1', nonce: '0x0' });
  const { attemptId } = await world.broadcast({ address: ALICE, nonce: 0, ...payload });
  await world.hear('chain.tx_accepted', (accepted) => accepted.attemptId === attemptId);
  one.interfere(hiding(payload.txHash));
  return { attemptId, ...payload };
}

/** Leaves one transaction out of every list, and knows nothing of it. */
function hiding(txHash: string): Parameters<RpcProxy['interfere']>[0] {
  return async (_call, real) => {
    const answer = await real();
    return JSON.stringify(answer).includes(txHash) ? without(answer, txHash) : answer;
  };
}

function without(answer: ProxiedAnswer, txHash: string): ProxiedAnswer {
  const { result } = answer;
  if (Array.isArray(result)) return { result: result.filter((item) => !concerns(item, txHash)) };
  const block = new Map<string, unknown>(Object.entries(result ?? {}));
  const transactions = block.get('transactions');
  if (!Array.isArray(transactions)) return { result: null };
  block.set(
    'transactions',
    transactions.filter((item) => !concerns(item, txHash)),
  );
  return { result: parseJson(JSON.stringify(Object.fromEntries(block))) };
}

function concerns(item: unknown, txHash: string): boolean {
  return JSON.stringify(item).includes(txHash);
}

async function behindTwoProxies({ rpcUrl }: Anvil) {
  one = await createRpcProxy(rpcUrl);
  two = await createRpcProxy(rpcUrl);
  return { rpcUrls: [one.url, two.url] };
}

function told(): string[] {
  const inOrder = world.all('chain.nonce_spent').toSorted((a, b) => a.version - b.version);
  return inOrder.map(({ depth, tx }) => `${depth} ${tx?.hash ?? null}`);
}

function met(text: string): boolean {
  return world.log.lines.some(({ fields }) => String(fields['err']).includes(text));
}
