import { parseJson } from '@ironforge/kernel';
import { type Anvil, createRpcProxy, type Interfere, type RpcProxy } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { ALICE, BOB, CAROL } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

const MADE_UP = `0x${'f0'.repeat(32)}`;
/** Ends a wait that hangs; nothing is measured. */
const LONG = { timeout: 60_000 };
let world: World;
let one: RpcProxy;
let two: RpcProxy;

beforeEach(async () => {
  world = await startWorld(behindTwoProxies);
  await world.startWatcher();
});
afterEach(async () => {
  for (const part of [world, one, two]) await part[Symbol.asyncDispose]();
});

it('a payment in a block whose name one endpoint made up counts once all agree, in the block that there is', async () => {
  await world.watch(ALICE);
  const txHash = await world.transfer(ALICE, BOB, 1n);
  const height = await mineUnderAFalseName();
  await world.hear('chain.nonce_spent', ({ tx }) => tx?.blockHash === MADE_UP);
  await world.anvil.mine();
  await expect.poll(isDisputed, LONG).toBe(true);
  await world.lookedAtAgain();
  expect(world.all('chain.nonce_spent').map(({ depth }) => depth)).toEqual(['included']);
  one.heal();
  const { tx } = await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
  expect(tx).toMatchObject({ hash: txHash, blockHash: await hashAt(height) });
  expect(await storedHashes(height)).toEqual([await hashAt(height), await hashAt(height + 1)]);
});

it('so does a deposit', async () => {
  await world.watch(BOB);
  const txHash = await world.transfer(CAROL, BOB, 1n);
  const height = await mineUnderAFalseName();
  await world.hear('chain.deposit_observed', ({ blockHash }) => blockHash === MADE_UP);
  await world.anvil.mine();
  await expect.poll(isDisputed, LONG).toBe(true);
  one.heal();
  const deposit = await world.hear('chain.deposit_observed', ({ depth }) => depth === 'confirmed');
  expect(deposit).toMatchObject({ txHash, blockHash: await hashAt(height) });
});

it('who does not answer disputes nothing', async () => {
  await world.watch(ALICE);
  const attempt = await world.sign({ from: ALICE, to: BOB, value: '0x1', nonce: '0x0' });
  await world.broadcast({ address: ALICE, nonce: 0, ...attempt });
  await world.hear('chain.tx_accepted', () => true);
  two.hangUp();
  await world.anvil.mine(2);
  await world.hear('chain.tx_observed', ({ depth }) => depth === 'confirmed');
  expect(isDisputed()).toBe(false);
});

/** The first endpoint gives the block another name, also where the next one says on what it stands. */
async function mineUnderAFalseName(): Promise<number> {
  const height = Number(await world.anvil.rpc('eth_blockNumber')) + 1;
  one.interfere(renaming(height));
  await world.anvil.mine();
  return height;
}

function renaming(height: number): Interfere {
  return async (_call, real) => {
    const [answer, hash] = [await real(), await hashAt(height)];
    const text = JSON.stringify(answer).replaceAll(hash ?? MADE_UP, MADE_UP);
    return z.looseObject({}).parse(parseJson(text));
  };
}

const Told = z.object({ hash: z.string() }).nullable();

async function hashAt(height: number): Promise<string | undefined> {
  const block = await world.anvil.rpc('eth_getBlockByNumber', [`0x${height.toString(16)}`, false]);
  return Told.parse(block)?.hash;
}

async function storedHashes(height: number): Promise<unknown[]> {
  const sql = 'SELECT hash FROM chain_blocks WHERE height >= $1 ORDER BY height';
  return (await world.database.query(sql, [height])).map((row) => row['hash']);
}

function isDisputed(): boolean {
  const said = 'the endpoints disagree about a block: waiting until they agree';
  return world.log.lines.some(({ message }) => message === said);
}

async function behindTwoProxies({ rpcUrl }: Anvil) {
  one = await createRpcProxy(rpcUrl);
  two = await createRpcProxy(rpcUrl);
  return { rpcUrls: [one.url, two.url] };
}
