import { type Anvil, createRpcProxy, type RpcProxy, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE, CAROL } from '../chain-play.fixture.ts';
import { newIds } from '../service-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

const TIMES = 12;
let world: World;
let node: RpcProxy;

beforeEach(async () => {
  world = await startWorld(behindProxy);
  await world.startWatcher();
  await world.watch(ALICE);
});
afterEach(async () => {
  for (const part of [world, node]) await part[Symbol.asyncDispose]();
});

it('bytes that are to be sent again and again while the node is away wait by their newest command alone', async () => {
  const payload = { address: ALICE, nonce: 0, ...(await signed()) };
  const ids = newIds();
  node.hangUp();
  const commands: Awaited<ReturnType<World['broadcast']>>['message'][] = [];
  while (commands.length < TIMES) commands.push((await world.broadcast(payload, ids)).message);
  await waitUntil('all but the newest to be gone', async () => (await takenIn(commands)) === TIMES - 1);
  await world.bus.publish(commands.slice(0, 3));
  await world.lookedAtAgain();
  expect(await takenIn(commands)).toBe(TIMES - 1);
  expect(world.all('chain.tx_accepted')).toEqual([]);
  node.heal();
  await world.hear('chain.tx_accepted', ({ attemptId }) => attemptId === ids.attemptId);
  await waitUntil('the newest to be carried out', async () => (await takenIn(commands)) === TIMES);
  expect(world.all('chain.tx_accepted')).toHaveLength(1);
});

it('the commands for two attempts of a request do not stand for one another', async () => {
  const { requestId, attemptId } = newIds();
  const other = { requestId, attemptId: newIds().attemptId };
  node.hangUp();
  const one = await world.broadcast(
    { address: ALICE, nonce: 0, ...(await signed()) },
    { requestId, attemptId },
  );
  const two = await world.broadcast({ address: ALICE, nonce: 1, ...(await signed(1)) }, other);
  await waitUntil('both to wait', () => waiting().length === 2);
  await world.lookedAtAgain();
  expect(await takenIn([one.message, two.message])).toBe(0);
  node.heal();
  await waitUntil('both to be sent', () => world.all('chain.tx_accepted').length === 2);
});

async function behindProxy({ rpcUrl }: Anvil) {
  node = await createRpcProxy(rpcUrl);
  return { rpcUrls: [node.url] };
}

async function signed(nonce = 0) {
  return await world.sign({ from: ALICE, to: CAROL, value: '0x1', nonce: `0x${nonce}` });
}

function waiting() {
  return world.log.lines.filter(({ message }) => message === 'a message waits alone');
}

/** How many of these commands are done with. */
async function takenIn(commands: readonly { readonly id: string }[]): Promise<number> {
  const sql = 'SELECT 1 FROM inbox WHERE message_id = ANY($1)';
  return (await world.database.query(sql, [commands.map(({ id }) => id)])).length;
}
