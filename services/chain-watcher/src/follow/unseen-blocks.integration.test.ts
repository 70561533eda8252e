import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { createRpcProxy, type RpcProxy, startAnvil, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callAs, person } from '../callers.fixture.ts';
import { ALICE } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

/** A node that began in the same second has the same genesis, and the same blocks for as long as that second lasts. */
const FROM_ANOTHER_DAY = { extraArguments: ['--timestamp', '1'] };

let world: World;
let line: RpcProxy;

beforeEach(async () => {
  world = await startWorld(async ({ rpcUrl }) => {
    line = await createRpcProxy(rpcUrl);
    return { rpcUrls: [line.url], finality: { kind: 'depth', depth: 3 } };
  });
});
afterEach(async () => {
  for (const part of [world, line]) await part[Symbol.asyncDispose]();
});

describe('a chain that is followed', () => {
  it('is behind while its node ends below our newest block, and an alert tells of it', async () => {
    const { url } = await followed();
    line.lag(4);
    await shown(url, 'behind');
    await waitUntil('the alert', isAlarmed);
    line.heal();
    await shown(url, 'following');
  });

  it('is behind while the next block is there and cannot be read, and an alert tells of it', async () => {
    const { url } = await followed();
    line.interfere(async ({ method }, real) =>
      method === 'eth_getBlockReceipts' ? { result: null } : await real(),
    );
    await world.anvil.mine();
    await shown(url, 'behind');
    await waitUntil('the alert', isAlarmed);
    line.heal();
    await world.caughtUp();
    await shown(url, 'following');
  });
});

describe('a chain that a fork stopped', () => {
  it('stays so while its node knows none of our blocks, and goes on when it shows them again', async () => {
    const { url } = await followed();
    await using fork = await startAnvil(FROM_ANOTHER_DAY);
    await fork.mine(20);
    // What the fork refuses, a block of ours among it, is an answer as well.
    line.interfere(async ({ method, params }) => {
      const refused = (cause: unknown) => ({ error: { code: -32_001, message: String(cause) } });
      return await fork.rpc(method, params).then((result) => ({ result }), refused);
    });
    await shown(url, 'stopped');
    line.lag(10_000);
    await world.lookedAtAgain();
    await shown(url, 'stopped');
    expect(world.all('chain.went_on')).toEqual([]);
    line.heal();
    await world.hear('chain.went_on', () => true);
    await shown(url, 'following');
  });
});

describe('a chain whose node is not in step with it yet', () => {
  it('is not begun: where the node stands is no place in the chain', async () => {
    await world.anvil.mine(20);
    line.interfere(async ({ method }, real) =>
      method === 'eth_syncing' ? { result: { currentBlock: '0x0', highestBlock: '0x14' } } : await real(),
    );
    await world.startWatcher();
    await waitUntil('a look at it', () => line.calls.some(({ method }) => method === 'eth_syncing'));
    expect(await world.database.query('SELECT 1 FROM chain_cursors')).toEqual([]);
    line.heal();
    await world.caughtUp();
    expect(await world.database.query('SELECT min(height)::INT4 AS height FROM chain_blocks')).toEqual([
      { height: 18 },
    ]);
  });

  it('is begun where the node cannot say so', async () => {
    const error = { code: -32_601, message: 'the method eth_syncing does not exist/is not available' };
    line.interfere(async ({ method }, real) => (method === 'eth_syncing' ? { error } : await real()));
    await world.startWatcher();
    await world.caughtUp();
  });
});

async function followed() {
  const { url } = await world.startWatcher();
  await world.watch(ALICE);
  await world.anvil.mine(8);
  await world.caughtUp();
  await shown(url, 'following');
  return { url };
}

function isAlarmed(): boolean {
  return world.log.lines.some(
    ({ level, message }) => level === 'error' && message === 'the chain stands still',
  );
}

/** Waits until `GET /v1/chains` says so. */
async function shown(url: string, expected: string): Promise<void> {
  await waitUntil(`the chain to be ${expected}`, async () => {
    const { body } = await callAs(person(world.tenantId, randomUUID()), `${url}/v1/chains`);
    return ROUTES.listChains.reply.parse(body).data[0]?.status === expected;
  });
}
