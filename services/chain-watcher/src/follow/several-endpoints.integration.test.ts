import { parseJson } from '@ironforge/kernel';
import { type Anvil, createRpcProxy, type RpcProxy } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

/** Stands where providers put their keys; nothing that is shown may hold it. */
const KEY = 'b7f4c2d19e8a';

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
  const shown = world.log.lines.map(({ message, fields }) => [message, fields, String(fields['err'])]);
  if (JSON.stringify(shown).includes(KEY)) throw new Error('the log shows the key of an endpoint');
  for (const part of [world, one, two]) await part[Symbol.asyncDispose]();
});

describe('a chain with two endpoints', () => {
  it('is followed by the one that answers, and says which one is left out', async () => {
    one.hangUp();
    await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    const leftOut = () => saw('an endpoint of the chain is left out');
    await expect.poll(leftOut, LONG).toMatchObject({ endpoint: new URL(one.url).host, state: 'failing' });
    one.heal();
    await expect.poll(() => saw('an endpoint of the chain is asked again'), LONG).toBeDefined();
  });

  it('confirms no bad news while the second source is down, and does when it is back', async () => {
    await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    two.hangUp();
    await world.anvil.mine();
    await expect.poll(() => met('too few endpoints answer'), LONG).toBe(true);
    expect(world.all('chain.nonce_spent').map(({ depth }) => depth)).toEqual(['included']);
    two.heal();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
  });

  it('does not call a transaction reverted because one of them lies about its receipt, and mends it when they agree', async () => {
    one.interfere(async ({ method }, real) => {
      const told = await real();
      if (!method.endsWith('Receipts')) return told;
      const lie = JSON.stringify(told['result']).replaceAll('"status":"0x1"', '"status":"0x0"');
      return { result: parseJson(lie) };
    });
    await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth, tx }) => depth === 'included' && tx?.success === false);
    await world.anvil.mine();
    await expect.poll(() => met('a second reading of block'), LONG).toBe(true);
    expect(world.all('chain.nonce_spent').map(({ depth }) => depth)).toEqual(['included']);
    one.heal();
    await world.hear('chain.nonce_spent', ({ depth, tx }) => depth === 'confirmed' && tx?.success === true);
    const depths = world.all('chain.nonce_spent').toSorted((a, b) => a.version - b.version);
    expect(depths.map(({ depth, tx }) => [depth, tx?.success])).toEqual([
      ['included', false],
      ['none', undefined],
      ['included', true],
      ['confirmed', true],
    ]);
  });

  it('undoes nothing because one of them shows a fork of its own', async () => {
    await world.transfer(ALICE, BOB, 1n);
    await world.anvil.mine();
    await world.caughtUp();
    one.interfere(async ({ method, params }, real) => {
      const told = await real();
      const isHead = method === 'eth_getBlockByNumber' && params[0] !== '0x0';
      return isHead && told['result'] !== null
        ? { result: { ...Object(told['result']), hash: `0x${'f0'.repeat(32)}` } }
        : told;
    });
    await expect
      .poll(() => saw('the endpoints disagree about a block: waiting until they agree'), LONG)
      .toBeDefined();
    expect(saw('the chain forked: undoing a block')).toBeUndefined();
    one.heal();
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
  });
});

async function behindTwoProxies({ rpcUrl }: Anvil) {
  one = await createRpcProxy(rpcUrl);
  two = await createRpcProxy(rpcUrl);
  return { rpcUrls: [`${one.url}/v3/${KEY}`, `${two.url}/?token=${KEY}`] };
}

function saw(message: string) {
  return world.log.lines.findLast((line) => line.message === message)?.fields;
}

function met(text: string): boolean {
  return world.log.lines.some(({ fields }) => String(fields['err']).includes(text));
}
