import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startWorld, type World } from '../world.fixture.ts';
import {
  attemptAgain,
  balanceSettled,
  type Cast,
  castAll,
  depthsOf,
  ENOUGH_ACCOUNTS,
  type Fate,
  prepare,
  rewrite,
  type Scene,
} from './reorg-play.fixture.ts';

const K = 2;
const DEPTHS = Array.from({ length: K + 5 }, (_, index) => index + 1);

let world: World;
let cast: readonly Cast[];

beforeAll(async () => {
  world = await startWorld({}, ENOUGH_ACCOUNTS);
  await world.startWatcher();
  cast = await castAll(world);
});
afterAll(() => world[Symbol.asyncDispose]());

const UNDONE = ['none'];
const AGAIN = ['none', 'included', 'confirmed'];

/** What is told after the undoing of a request, of the nonce it took, and of a deposit; and who wins in the end. */
const TOLD: Record<Fate, readonly [request: string[], nonce: string[], deposit: string[]]> = {
  kept: [AGAIN, AGAIN, AGAIN],
  moved: [AGAIN, AGAIN, AGAIN],
  dropped: [UNDONE, UNDONE, UNDONE],
  cancelled: [AGAIN, AGAIN, UNDONE],
  'another attempt': [AGAIN, AGAIN, UNDONE],
  'a stranger': [UNDONE, AGAIN, UNDONE],
};
const WINNER: Record<Fate, (scene: Scene) => string | undefined> = {
  kept: ({ payment }) => payment.txHash,
  moved: ({ payment }) => payment.txHash,
  dropped: () => undefined,
  cancelled: ({ rivals }) => rivals.payment.txHash,
  'another attempt': ({ rivals }) => rivals.payment.txHash,
  'a stranger': () => undefined,
};

describe('payments and deposits that a reorg keeps, moves, drops, or replaces by a cancel, an attempt, a stranger', () => {
  it.each(DEPTHS)('of depth %s are told as the chain shows them, each step in order', async (depth) => {
    const scenes = await playBefore(depth);
    await rewrite(world, scenes, depth);
    await world.caughtUp();
    const before = depth < K ? ['included'] : ['included', 'confirmed'];
    for (const scene of scenes) {
      const [request, nonce, deposit] = TOLD[scene.cast.fate];
      await until(() => ofRequest(scene), [...before, ...request]);
      await until(() => ofNonce(scene), [...before, ...nonce]);
      await until(() => ofDeposit(scene), [...before, ...deposit]);
      expect(winnerOf(scene)).toBe(WINNER[scene.cast.fate](scene));
    }
    await Promise.all(cast.flatMap(({ wallets }) => wallets.map((wallet) => balanceSettled(world, wallet))));
    expect(await standing(scenes)).toEqual(await standingOnChain(scenes));
  });
});

async function playBefore(depth: number): Promise<Scene[]> {
  const scenes = await Promise.all(cast.map((one) => prepare(world, one)));
  await world.anvil.mine();
  await Promise.all(scenes.map((scene) => attemptAgain(world, scene)));
  if (depth > 1) await world.anvil.mine(depth - 1);
  await world.caughtUp();
  return scenes;
}

async function until(told: () => string[], expected: readonly string[]): Promise<void> {
  await waitUntil(`${expected.join(', ')} to be told`, () => told().length >= expected.length);
  expect(told()).toEqual(expected);
}

function ofRequest({ requestId }: Scene): string[] {
  return depthsOf(world.all('chain.tx_observed').filter((data) => data.requestId === requestId));
}

/** A nonce whose payment was dropped in one test is spent by that of the next: only what came since then counts. */
function ofNonce({ cast: { sender }, payment }: Scene): string[] {
  const own = world.all('chain.nonce_spent').filter(({ address }) => address === sender);
  const first = own.find(({ tx }) => tx?.hash === payment.txHash);
  const since = own.filter(({ nonce, version }) => nonce === first?.nonce && version >= first.version);
  return depthsOf(since);
}

function ofDeposit({ deposit }: Scene): string[] {
  return depthsOf(world.all('chain.deposit_observed').filter(({ txHash }) => txHash === deposit.txHash));
}

function winnerOf({ requestId }: Scene): string | undefined {
  const told = world.all('chain.tx_observed').filter((data) => data.requestId === requestId);
  return told.toSorted((a, b) => a.version - b.version).at(-1)?.winner?.txHash;
}

/** The block in which our rows see each transaction of the scenes; null when it was undone. */
async function standing(scenes: readonly Scene[]): Promise<Record<string, unknown>> {
  const signed = scenes.flatMap(({ payment, deposit, rivals }) => [
    payment,
    deposit,
    ...Object.values(rivals),
  ]);
  const rows = await world.database.query(
    'SELECT tx_hash, block_hash FROM transactions WHERE tx_hash = ANY($1) ORDER BY tx_hash',
    [signed.map(({ txHash }) => txHash)],
  );
  return Object.fromEntries(
    rows.map((row): [string, unknown] => [String(row['tx_hash']), row['block_hash']]),
  );
}

const Receipt = z.object({ blockHash: z.string() }).nullable();

/** The same of the node, for what our rows name. */
async function standingOnChain(scenes: readonly Scene[]): Promise<Record<string, unknown>> {
  const places = Object.keys(await standing(scenes)).map(async (hash) => {
    const receipt = Receipt.parse(await world.anvil.rpc('eth_getTransactionReceipt', [hash]));
    return [hash, receipt?.blockHash ?? null] as const;
  });
  return Object.fromEntries(await Promise.all(places));
}
