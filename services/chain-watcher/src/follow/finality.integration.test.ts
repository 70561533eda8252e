import { randomUUID } from 'node:crypto';
import { branded, type TenantId } from '@ironforge/kernel';
import { createRpcProxy, waitUntil } from '@ironforge/testing';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { callAs, person } from '../callers.fixture.ts';
import { ALICE, BOB, ETHER } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

/** anvil's tag then stands two blocks below its head. */
const EPOCHS_OF_ONE = { extraArguments: ['--slots-in-an-epoch', '1'] };
const STOPPED = 'the chain forked below finality: stopped';

let world: World;
let url: string;
afterEach(() => world[Symbol.asyncDispose]());

async function start(...given: Parameters<typeof startWorld>): Promise<void> {
  world = await startWorld(...given);
  url = (await world.startWatcher()).url;
}

it('finality follows the chain’s own tag where the chain is configured so', async () => {
  await start({ finality: { kind: 'tag' } }, EPOCHS_OF_ONE);
  await world.watch(ALICE);
  const walletId = await world.watch(BOB);
  const txHash = await world.transfer(ALICE, BOB, ETHER);
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ depth }) => depth === 'confirmed');
  await world.caughtUp();
  expect(await finalOnNode()).toBe(0);
  await world.anvil.mine();
  const final = await world.hear('chain.deposit_observed', ({ depth }) => depth === 'finalized');
  expect(final).toMatchObject({ walletId, txHash });
  await world.caughtUp();
  expect(await cursor()).toMatchObject({ finalized_height: await finalOnNode() });
  await shown('following');
});

it('a chain that calls its newest block final has its news final with K confirmations, not before', async () => {
  await using proxies = new AsyncDisposableStack();
  await start(async ({ rpcUrl, rpc }) => {
    const proxy = proxies.use(await createRpcProxy(rpcUrl));
    proxy.interfere(async ({ params }, real) => {
      const isTag = params[0] === 'finalized';
      return isTag ? { result: await rpc('eth_getBlockByNumber', ['latest', false]) } : await real();
    });
    return { rpcUrls: [proxy.url], finality: { kind: 'tag' }, confirmations: 3 };
  });
  await world.watch(ALICE);
  await world.transfer(ALICE, BOB, 1n);
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ depth }) => depth === 'included');
  await world.anvil.mine();
  await world.caughtUp();
  await world.anvil.mine();
  await world.hear('chain.nonce_spent', ({ depth }) => depth === 'finalized');
  expect(world.all('chain.nonce_spent').map(({ depth }) => depth)).toEqual(['included', 'finalized']);
  expect(await cursor()).toMatchObject({ finalized_height: Number((await cursor())['height']) - 2 });
  await world[Symbol.asyncDispose]();
});

it('of several endpoints the lowest tag counts, and none while one alone tells it', async () => {
  await using proxies = new AsyncDisposableStack();
  const tags = new Map<string, string>();
  await start(async ({ rpcUrl, rpc }) => {
    const open = async (name: string) => {
      const proxy = proxies.use(await createRpcProxy(rpcUrl));
      proxy.interfere(async ({ params: [at] }, real) => {
        const tag = at === 'finalized' ? tags.get(name) : undefined;
        return tag === undefined ? await real() : { result: await rpc('eth_getBlockByNumber', [tag, false]) };
      });
      return proxy.url;
    };
    return { rpcUrls: [await open('one'), await open('two')], finality: { kind: 'tag' } };
  }, EPOCHS_OF_ONE);
  const finalized = async () => Number((await cursor())['finalized_height']);
  await world.watch(ALICE);
  tags.set('one', 'latest').set('two', '0x3');
  await world.anvil.mine(6);
  await world.caughtUp();
  expect(await finalized()).toBe(3);
  tags.set('two', '0xffff');
  await world.anvil.mine(2);
  await world.caughtUp();
  expect(await finalized()).toBe(3);
  tags.clear();
  await world.anvil.mine();
  await world.caughtUp();
  expect(await finalized()).toBe(await finalOnNode());
  await world[Symbol.asyncDispose]();
});

it('a chain whose node knows no tag is begun at depth K, and never at its genesis', async () => {
  await using proxies = new AsyncDisposableStack();
  await start(async ({ rpcUrl, mine }) => {
    await mine(20);
    const proxy = proxies.use(await createRpcProxy(rpcUrl));
    const unknown = { error: { code: -32_602, message: 'unknown block tag' } };
    proxy.interfere(({ params: [at] }, real) => (at === 'finalized' ? unknown : real()));
    return { rpcUrls: [proxy.url], finality: { kind: 'tag' }, confirmations: 5 };
  });
  await shown('following');
  const [first] = await world.database.query('SELECT min(height)::INT4 AS height FROM chain_blocks');
  expect(first).toEqual({ height: 16 });
  await world[Symbol.asyncDispose]();
});

it('a reorg above the tag is undone, one below it stops the chain until a person allows it', async () => {
  await start({ finality: { kind: 'tag' } }, EPOCHS_OF_ONE);
  const walletId = await world.watch(BOB);
  await world.anvil.mine(5);
  await world.caughtUp();
  await world.anvil.reorg(2);
  await world.caughtUp();
  await shown('following');
  await world.anvil.reorg(3);
  await stopped();
  await world.lookedAtAgain();
  await shown('stopped');
  expect(alerts()).toBe(1);
  const finalizedHeight = Number((await cursor())['finalized_height']) - 1;
  expect(await resume(finalizedHeight, 'chains:resume')).toMatchObject({ status: 200 });
  await world.caughtUp();
  await world.transfer(ALICE, BOB, ETHER);
  await world.anvil.mine();
  await world.hear('wallet.balance_observed', (data) => data.walletId === walletId && data.pending !== '0');
  await shown('following');
});

it('final blocks are undone by a person’s word alone, and only those above the height that he names', async () => {
  await start({ finality: { kind: 'depth', depth: 3 } });
  const walletId = await world.watch(BOB);
  const before = (await world.balance(BOB)).toString();
  await world.anvil.mine(2);
  await world.transfer(ALICE, BOB, ETHER);
  await world.anvil.mine(4);
  await world.hear('chain.deposit_observed', ({ depth }) => depth === 'finalized');
  await world.caughtUp();
  const { finalized_height: finalized } = await cursor();
  expect(await resume(0, 'chains:resume')).toMatchObject({
    status: 409,
    body: { code: 'chain_not_stopped' },
  });
  await world.anvil.reorg(4);
  await stopped();
  expect(await resume(2, 'wallets:read')).toMatchObject({ status: 403 });
  expect(await resume(Number(finalized), 'chains:resume')).toMatchObject({ status: 409 });
  await world.lookedAtAgain();
  expect((await cursor())['status']).toBe('stopped');
  expect(await told('chain.stopped')).toMatchObject([
    {
      actor: `chain ${world.anvil.chainId}`,
      data: { reason: 'forked_below_finality', finalizedHeight: finalized },
    },
  ]);
  const admin = randomUUID();
  expect(await resume(2, 'chains:resume', admin)).toMatchObject({
    status: 200,
    body: { finalizedHeight: 2 },
  });
  await world.caughtUp();
  await world.hear('chain.deposit_observed', ({ depth }) => depth === 'none');
  await world.hear('wallet.balance_observed', (data) => data.walletId === walletId && data.amount === before);
  await shown('following');
  expect(alerts()).toBe(1);
  expect(await told('chain.resumed')).toMatchObject([
    { actor: `user ${admin}`, data: { finalizedHeight: 2, formerFinalizedHeight: finalized } },
  ]);
  expect(await told('chain.went_on')).toMatchObject([{ actor: `chain ${world.anvil.chainId}` }]);
  // Once for the tenant that has a wallet there, once for the tenant of whoever did it: here they are one.
  await world.hear('chain.resumed', ({ chainId }) => chainId === world.anvil.chainId);
});

it('a person’s word undoes nothing at the height that he names, nor below it', async () => {
  await start({ finality: { kind: 'depth', depth: 3 } });
  await world.watch(BOB);
  await world.anvil.mine(7);
  await world.caughtUp();
  await world.anvil.reorg(5);
  await stopped();
  expect(await cursor()).toMatchObject({ height: 5, finalized_height: 5 });
  expect(await resume(4, 'chains:resume')).toMatchObject({ status: 200 });
  await waitUntil('the chain to be stopped there', async () => {
    const { status: now, height } = await cursor();
    return now === 'stopped' && height === 4;
  });
  expect(await cursor()).toMatchObject({ finalized_height: 4 });
  expect(await resume(2, 'chains:resume')).toMatchObject({ status: 200 });
  await world.caughtUp();
  await shown('following');
});

it('a person of a tenant without a wallet there is recorded with that tenant, too', async () => {
  await start({ finality: { kind: 'depth', depth: 3 } });
  await world.watch(BOB);
  await world.anvil.mine(6);
  await world.caughtUp();
  await world.anvil.reorg(4);
  await stopped();
  const own = branded<TenantId>(randomUUID());
  await callAs(person(own, randomUUID(), 'chains:resume'), `${url}/v1/chains/resume`, {
    chainId: world.anvil.chainId,
    finalizedHeight: 1,
  });
  const tenants = (await told('chain.resumed')).map(({ tenantId }) => tenantId);
  expect(tenants.toSorted()).toEqual([world.tenantId, own].toSorted());
});

const stopped = () => shown('stopped');

async function shown(expected: string): Promise<void> {
  await waitUntil(`the chain to be ${expected}`, async () => (await status()) === expected);
}

function alerts(): number {
  return world.log.lines.filter(({ message }) => message === STOPPED).length;
}

async function cursor(): Promise<Record<string, unknown>> {
  const [row] = await world.database.query(
    'SELECT status, height::INT4, finalized_height::INT4 FROM chain_cursors',
  );
  return { ...row };
}

const ChainList = z.object({ data: z.array(z.object({ status: z.string() })) });

/** As `GET /v1/chains` says it. */
async function status(): Promise<unknown> {
  const { body } = await callAs(person(world.tenantId, randomUUID()), `${url}/v1/chains`);
  return ChainList.parse(body).data[0]?.status;
}

/** The events of a type as they stand in the outbox, with who is said to have done it. */
async function told(type: string) {
  const rows = await world.database.query('SELECT body FROM outbox WHERE routing_key = $1', [type]);
  return rows.map(({ body }) => {
    const event = Told.parse(JSON.parse(String(body)));
    return { actor: `${event.actortype} ${event.actorid}`, tenantId: event.tenantid, data: event.data };
  });
}

const Told = z.object({
  tenantid: z.string(),
  actortype: z.string(),
  actorid: z.string(),
  data: z.looseObject({}),
});

async function resume(finalizedHeight: number, permission: string, userId: string = randomUUID()) {
  const body = { chainId: world.anvil.chainId, finalizedHeight };
  return await callAs(person(world.tenantId, userId, permission), `${url}/v1/chains/resume`, body);
}

async function finalOnNode(): Promise<number> {
  const block = await world.anvil.rpc('eth_getBlockByNumber', ['finalized', false]);
  return Number(z.object({ number: z.string() }).parse(block).number);
}
