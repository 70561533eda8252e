import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, ROUTES } from '@ironforge/contracts';
import { branded } from '@ironforge/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAsService, askQuote, callAs, person } from '../callers.fixture.ts';
import { ALICE, BOB, ETHER } from '../chain-play.fixture.ts';
import { NATIVE } from '../watcher.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

const owner = randomUUID();
let world: World;
let url: string;
let walletId: string;

beforeAll(async () => {
  world = await startWorld();
  url = (await world.startWatcher()).url;
  walletId = await world.watch(BOB, owner);
  for (let count = 1; count <= 3; count++) {
    await world.transfer(ALICE, BOB, BigInt(count));
    // Block times have whole seconds; within one the order is open.
    await world.anvil.rpc('evm_increaseTime', [1]);
    await world.anvil.mine();
  }
  await world.caughtUp();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('GET /v1/chains', () => {
  it('shows the chain with its head, and that it is followed', async () => {
    const { status, body } = await callAs(person(world.tenantId, owner), `${url}/v1/chains`);
    expect(status).toBe(200);
    const [chain] = ROUTES.listChains.reply.parse(body).data;
    expect(chain).toMatchObject({ chainId: world.anvil.chainId, confirmations: 2, finalizedHeight: 0 });
    expect(chain?.head?.height).toBe(3);
    expect(chain?.status).not.toBe('stopped');
  });
});

describe('GET /v1/fees', () => {
  const reader = () => person(world.tenantId, owner, 'wallets:read');

  it('shows three offers, the same for 30 s', async () => {
    const fees = `${url}/v1/fees?chainId=${world.anvil.chainId}`;
    const first = await callAs(reader(), fees);
    expect(first.status).toBe(200);
    expect(ROUTES.getFees.reply.parse(first.body)).toEqual((await callAs(reader(), fees)).body);
  });

  it('refuses a chain that nobody follows', async () => {
    const answer = await callAs(reader(), `${url}/v1/fees?chainId=eip155:999`);
    expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_chain' } });
  });
});

describe('GET /v1/wallets/{id}/transactions', () => {
  const path = () => `${url}/v1/wallets/${walletId}/transactions`;

  it('lists what the chain showed, newest first, page by page, with confirmations counted now', async () => {
    const reader = person(world.tenantId, owner, 'wallets:read');
    const first = await callAs(reader, `${path()}?limit=2`);
    const page = ROUTES.listWalletTransactions.reply.parse(first.body);
    expect(page.data.map(({ amount, confirmations, status }) => [amount, confirmations, status])).toEqual([
      ['3', 1, 'pending'],
      ['2', 2, 'confirmed'],
    ]);
    expect(first.link).toContain('rel="next"');
    const second = await callAs(reader, `${path()}?limit=2&cursor=${page.nextCursor}`);
    const rest = ROUTES.listWalletTransactions.reply.parse(second.body);
    expect(rest.data.map(({ amount, direction, from, to }) => [amount, direction, from, to])).toEqual([
      ['1', 'in', ALICE, BOB],
    ]);
    expect(rest.nextCursor).toBeNull();
  });

  it('is not there for a stranger of the tenant, unless he sees all', async () => {
    const stranger = randomUUID();
    const own = person(world.tenantId, stranger, 'wallets:read');
    const all = person(world.tenantId, stranger, 'wallets:read', 'wallets:read_all');
    expect((await callAs(own, path())).status).toBe(404);
    expect((await callAs(all, path())).status).toBe(200);
    expect((await callAs(person(world.tenantId, owner), path())).status).toBe(403);
  });

  describe.each([
    ['with both walls', []],
    ['with row-level security off', ['watched_addresses', 'transactions']],
  ])('%s', (_what, open: readonly string[]) => {
    const turn = async (way: 'DISABLE' | 'ENABLE') => {
      for (const table of open) await world.database.query(`ALTER TABLE ${table} ${way} ROW LEVEL SECURITY`);
    };
    beforeAll(() => turn('DISABLE'));
    afterAll(() => turn('ENABLE'));

    it('is not there for anybody of another tenant', async () => {
      const elsewhere = branded<typeof world.tenantId>(randomUUID());
      const foreign = person(elsewhere, owner, 'wallets:read', 'wallets:read_all');
      expect((await callAs(foreign, path())).status).toBe(404);
    });
  });
});

describe('POST /internal/token-decimals', () => {
  const ask = async (assetId: string) =>
    (await askAsService(url, INTERNAL_ROUTES.tokenDecimals, { chainId: world.anvil.chainId, assetId })).body;
  const tokenThat = async (code: string) => {
    const address = `0x${randomUUID().replaceAll('-', '')}00000000`;
    await world.anvil.rpc('anvil_setCode', [address, code]);
    return `${world.anvil.chainId}/erc20:${world.checksummed(address)}`;
  };

  it.each([
    ['says six', '0x600660005260206000f3', 6],
    ['says more than a uint8 holds', '0x61010060005260206000f3', null],
    ['says nothing', '0x00', null],
    ['reverts', '0x60006000fd', null],
    ['is no contract', '0x', null],
  ])('of a token that %s', async (_what, code, decimals) => {
    expect(await ask(await tokenThat(code))).toEqual({ decimals });
  });

  it('knows the coin, and refuses what is none of this chain', async () => {
    expect(await ask(NATIVE)).toEqual({ decimals: 18 });
    expect(await ask('eip155:1/slip44:60')).toMatchObject({ code: 'unknown_asset' });
  });
});

describe('POST /internal/quote', () => {
  const transfer = () => {
    return { chainId: world.anvil.chainId, from: ALICE, to: BOB, assetId: NATIVE, amount: ETHER.toString() };
  };

  it('says fees, gas, mined count and funds at the head', async () => {
    const { status, body } = await askQuote(url, transfer());
    expect(status).toBe(200);
    const quote = INTERNAL_ROUTES.quote.reply.parse(body);
    expect(quote).toMatchObject({ feeModel: 'eip1559', gasLimit: 21_000, minedCount: 3, failure: null });
    expect(quote.nativeBalance).toBe((await world.balance(ALICE)).toString());
    expect(quote.head.height).toBe(3);
  });

  it.each([
    [{ chainId: 'eip155:999' }, 'unknown_chain'],
    [{ assetId: 'eip155:1/slip44:60' }, 'unknown_asset'],
    [{ to: '0x1234' }, 'validation_failed'],
    [{ to: BOB.replace('C', 'c') }, 'validation_failed'],
  ])('refuses %j as %s', async (change, code) => {
    const answer = await askQuote(url, { ...transfer(), ...change });
    expect(answer).toMatchObject({ status: 422, body: { code } });
  });

  it('that no node answers is a dependency that is down, never a guess', async () => {
    world.anvil.freeze();
    try {
      expect(await askQuote(url, transfer())).toMatchObject({
        status: 503,
        body: { code: 'dependency_down' },
      });
    } finally {
      world.anvil.resume();
    }
  });
});
