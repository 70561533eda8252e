import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { type Anvil, createRpcProxy, type RpcProxy, startAnvil, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askQuote, callAs, person } from '../callers.fixture.ts';
import { ALICE, BOB } from '../chain-play.fixture.ts';
import { NATIVE } from '../watcher.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

const ALERT = 'an endpoint is a node of another chain: nothing is asked of it';
const STOPPED = 'every endpoint of the chain is a node of another one: stopped';

let foreign: Anvil;
let world: World;
let url: string;
/** The first endpoint of the chain, whatever node stands behind it. */
let line: RpcProxy;

beforeEach(async () => {
  foreign = await startAnvil({ chainId: 31339 });
  await foreign.mine(50);
});
afterEach(async () => {
  for (const part of [world, line, foreign]) await part[Symbol.asyncDispose]();
});

/** Our chain behind the line alone, or behind the line first and then by itself. */
async function start(behind: 'the line alone' | 'the line first'): Promise<void> {
  world = await startWorld(async ({ rpcUrl }) => {
    line = await createRpcProxy(rpcUrl);
    const rpcUrls = behind === 'the line alone' ? [line.url] : [line.url, rpcUrl];
    return { rpcUrls, finality: { kind: 'depth', depth: 3 } };
  });
}

describe('an endpoint that is a node of another chain', () => {
  it('is never used: the other one is, and an alert names it', async () => {
    await start('the line first');
    leadAstray();
    url = (await world.startWatcher()).url;
    await world.watch(ALICE);
    const { raw, txHash } = await world.sign({ from: ALICE, to: BOB, value: '0x1', nonce: '0x0' });
    await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
    await world.hear('chain.tx_accepted', () => true);
    await world.anvil.mine();
    await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
    expect(new Set(line.calls.map(({ method }) => method))).toEqual(new Set(['eth_chainId']));
    const alerts = world.log.lines.filter(({ message }) => message === ALERT);
    expect(alerts.map(({ level, fields }) => [level, fields])).toMatchObject([
      ['error', { endpoint: new URL(line.url).host, state: 'wrong_chain', alert: true }],
    ]);
    expect(await shown()).toMatchObject({ status: 'following', stopReason: null });
  });
});

describe('a chain whose endpoints are all of another one', () => {
  it('is stopped from the start, tells nothing of that other chain, and begins when its own node is there', async () => {
    await start('the line alone');
    leadAstray();
    url = (await world.startWatcher()).url;
    await untilShown({ status: 'stopped', stopReason: 'wrong_chain', head: null });
    const transfer = { from: ALICE, to: BOB, assetId: NATIVE, amount: '1' };
    expect(await askQuote(url, { chainId: world.anvil.chainId, ...transfer })).toMatchObject({ status: 503 });
    expect(new Set(line.calls.map(({ method }) => method))).toEqual(new Set(['eth_chainId']));
    const walletId = await world.register(ALICE);
    await waitUntil('the wallet to wait for a first block', () =>
      world.log.lines.some(
        ({ message, fields }) =>
          message === 'a message waits alone' && fields['queue'] === 'chain-watcher-evm',
      ),
    );
    line.heal();
    await world.hear('chain.address_watched', (watched) => watched.walletId === walletId);
    await untilShown({ status: 'following', stopReason: null });
  });

  it('is stopped where it stands, its tenants are told, nobody can resume it, and it goes on by itself', async () => {
    await start('the line alone');
    url = (await world.startWatcher()).url;
    await world.watch(ALICE);
    await world.anvil.mine(8);
    await world.caughtUp();
    const { head } = await shown();
    // As when a node is replaced behind its name: the line is down for a moment, and then another one answers.
    line.hangUp();
    await untilShown({ status: 'behind' });
    leadAstray();
    const told = await world.hear('chain.stopped', () => true);
    expect(told).toMatchObject({ chainId: world.anvil.chainId, reason: 'wrong_chain', height: head?.height });
    await world.lookedAtAgain();
    expect(await shown()).toMatchObject({ status: 'stopped', stopReason: 'wrong_chain', head });
    expect(world.all('chain.stopped')).toHaveLength(1);
    expect(world.log.lines.filter(({ message }) => message === STOPPED)).toHaveLength(1);
    const body = { chainId: world.anvil.chainId, finalizedHeight: 4 };
    const admin = person(world.tenantId, randomUUID(), 'chains:resume');
    expect(await callAs(admin, `${url}/v1/chains/resume`, body)).toMatchObject({ status: 409 });
    await world.anvil.mine();
    line.heal();
    await world.hear('chain.went_on', ({ height }) => height === head?.height);
    await world.caughtUp();
    await untilShown({ status: 'following', stopReason: null });
  });
});

/** From now on the node of another chain answers on the line. */
function leadAstray(): void {
  line.interfere(async ({ method, params }) => ({ result: await foreign.rpc(method, params) }));
}

/** As `GET /v1/chains` shows the chain. */
async function shown() {
  const { body } = await callAs(person(world.tenantId, randomUUID()), `${url}/v1/chains`);
  return ROUTES.listChains.reply.parse(body).data[0] ?? { head: null };
}

async function untilShown(expected: object): Promise<void> {
  await waitUntil(`the chain to be shown as ${JSON.stringify(expected)}`, async () => {
    const chain = Object.entries(await shown());
    return Object.entries(expected).every(
      ([key, value]) => new Map<string, unknown>(chain).get(key) === value,
    );
  });
}
