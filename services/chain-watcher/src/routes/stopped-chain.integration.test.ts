import { randomUUID } from 'node:crypto';
import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askQuote, callAs, person } from '../callers.fixture.ts';
import { ALICE, BOB, CAROL } from '../chain-play.fixture.ts';
import { NATIVE } from '../watcher.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let url: string;

beforeEach(async () => {
  world = await startWorld({ finality: { kind: 'depth', depth: 3 } });
  url = (await world.startWatcher()).url;
  await world.watch(ALICE);
  await world.anvil.mine(6);
  await world.caughtUp();
  await world.anvil.reorg(4);
  await shown('stopped');
});
afterEach(() => world[Symbol.asyncDispose]());

it('a stopped chain gives no quote until it goes on', async () => {
  expect(await quote()).toMatchObject({ status: 503, body: { code: 'chain_stopped' } });
  await resume();
  expect(await quote()).toMatchObject({ status: 200 });
});

it('a stopped chain is sent no bytes: they wait until it goes on', async () => {
  const { raw, txHash } = await world.sign({ from: ALICE, to: CAROL, value: '0x1', nonce: '0x0' });
  await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
  await waitUntil('the bytes to wait', () => said('a message waits alone'));
  await world.lookedAtAgain();
  expect(await world.anvil.rpc('eth_getTransactionByHash', [txHash])).toBeNull();
  expect(world.all('chain.tx_refused')).toEqual([]);
  await resume();
  await world.hear('chain.tx_accepted', (accepted) => accepted.txHash === txHash);
});

async function quote() {
  const transfer = { from: ALICE, to: BOB, assetId: NATIVE, amount: '1' };
  return await askQuote(url, { chainId: world.anvil.chainId, ...transfer });
}

async function resume(): Promise<void> {
  const body = { chainId: world.anvil.chainId, finalizedHeight: 0 };
  await callAs(person(world.tenantId, randomUUID(), 'chains:resume'), `${url}/v1/chains/resume`, body);
  await shown('following');
}

async function shown(expected: string): Promise<void> {
  await waitUntil(`the chain to be ${expected}`, async () => {
    const [row] = await world.database.query('SELECT status FROM chain_cursors');
    return row?.['status'] === expected;
  });
}

function said(text: string): boolean {
  return world.log.lines.some(({ message }) => message === text);
}
