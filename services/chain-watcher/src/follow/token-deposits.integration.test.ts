import { randomUUID } from 'node:crypto';
import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { type TokenRules, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callAs, person } from '../callers.fixture.ts';
import { BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

const OWNER = randomUUID();

type Token = Awaited<ReturnType<World['deployToken']>>;

let world: World;
let url: string;
let walletId: string;

beforeEach(async () => {
  world = await startWorld();
  ({ url } = await world.startWatcher());
  walletId = await world.watch(BOB, OWNER);
});
afterEach(() => world[Symbol.asyncDispose]());

describe('a deposit of a known token', () => {
  it('is told at each depth and listed as it stands, until it is final', async () => {
    const token = await knownToken();
    const txHash = await token.transfer(BOB, 900n);
    await world.anvil.mine();
    const first = await world.hear('chain.deposit_observed', ({ depth }) => depth === 'included');
    const seen = { walletId, assetId: token.assetId, txHash, index: 1, amount: '900', loggedAmount: null };
    expect(first).toMatchObject({ ...seen, kind: 'transfer', version: 1 });
    expect(await deposits()).toMatchObject([{ ...seen, status: 'pending', isFinal: false }]);
    await world.anvil.mine();
    await world.hear(
      'chain.deposit_observed',
      ({ depth, version }) => depth === 'confirmed' && version === 2,
    );
    await world.anvil.mine(30);
    await world.hear(
      'chain.deposit_observed',
      ({ depth, version }) => depth === 'finalized' && version === 3,
    );
    expect(await deposits()).toMatchObject([
      { ...seen, status: 'confirmed', isFinal: true, confirmations: 32 },
    ]);
    expect(world.all('chain.deposit_observed')).toHaveLength(3);
  });

  it('that a reorg drops is taken back, and its balance too', async () => {
    const token = await knownToken();
    await token.transfer(BOB, 900n);
    await world.anvil.mine(2);
    await world.hear('chain.deposit_observed', ({ depth }) => depth === 'confirmed');
    await world.caughtUp();
    await world.anvil.reorg(2);
    const gone = await world.hear('chain.deposit_observed', ({ depth }) => depth === 'none');
    expect(gone).toMatchObject({ version: 3, blockHeight: null, blockHash: null });
    await world.hear('wallet.balance_observed', ({ assetId, amount, version }) => {
      return assetId === token.assetId && amount === '0' && version > 4;
    });
    expect(await deposits()).toMatchObject([{ status: 'reorged', isFinal: false, confirmations: 0 }]);
  });

  it('is seen by the owner of the wallet and by who sees all, and by nobody else', async () => {
    const token = await knownToken();
    await token.transfer(BOB, 900n);
    await world.anvil.mine();
    await world.hear('chain.deposit_observed', () => true);
    const answerTo = (userId: string) =>
      callAs(person(world.tenantId, userId, 'wallets:read'), `${url}/v1/deposits`);
    expect(await answerTo(OWNER)).toMatchObject({ status: 200, body: { data: [{ walletId }] } });
    expect(await answerTo(randomUUID())).toMatchObject({ status: 200, body: { data: [] } });
    expect(await deposits(`?walletId=${randomUUID()}`)).toEqual([]);
    expect(await deposits(`?walletId=${walletId}&status=pending`)).toHaveLength(1);
  });
});

describe('a deposit of a token whose balance moves by another amount than its log says', () => {
  it('is booked with what arrived after the fee, the logged amount beside', async () => {
    const token = await knownToken({ feePercent: 3 });
    await token.transfer(BOB, 1_000n);
    await world.anvil.mine();
    const first = await world.hear('chain.deposit_observed', () => true);
    expect(first).toMatchObject({ amount: '970', loggedAmount: '1000' });
    await world.hear(
      'wallet.balance_observed',
      ({ amount, pending }) => amount === '970' && pending === '970',
    );
    expect(await deposits()).toMatchObject([{ amount: '970', loggedAmount: '1000', kind: 'transfer' }]);
  });

  it('is told from growth of the balance in earlier blocks', async () => {
    const token = await knownToken();
    await token.transfer(BOB, 1_000n);
    await world.anvil.mine();
    await token.grow(50);
    await world.anvil.mine();
    await token.transfer(BOB, 3_000n);
    await world.anvil.mine();
    await world.hear('wallet.balance_observed', ({ amount }) => amount === '4500');
    const booked = (await deposits()).map(({ amount, loggedAmount }) => [amount, loggedAmount]);
    expect(new Set(booked)).toEqual(
      new Set([
        ['1000', null],
        ['3000', null],
      ]),
    );
  });
});

describe('what comes in of a token that the tenant does not know', () => {
  it('is kept apart, in no balance; when the tenant registers the token it is a deposit', async () => {
    const token = await world.deployToken();
    await token.transfer(BOB, 900n);
    await world.anvil.mine(2);
    await world.caughtUp();
    expect(await deposits()).toEqual([]);
    expect(await quarantined()).toMatchObject([{ walletId, assetId: token.assetId, amount: '900' }]);
    expect(world.all('wallet.balance_observed').map(({ assetId }) => assetId)).not.toContain(token.assetId);
    await world.watchAsset(token.assetId);
    const told = await world.hear('chain.deposit_observed', () => true);
    expect(told).toMatchObject({ assetId: token.assetId, amount: '900', depth: 'confirmed' });
    expect(await deposits()).toMatchObject([{ status: 'confirmed', amount: '900' }]);
    expect(await quarantined()).toEqual([]);
  });

  it('is forgotten when its block is undone', async () => {
    const token = await world.deployToken();
    await token.transfer(BOB, 900n);
    await world.anvil.mine();
    await world.caughtUp();
    expect(await quarantined()).toHaveLength(1);
    await world.anvil.reorg(1);
    await waitUntil('it to be forgotten', async () => (await quarantined()).length === 0);
  });

  it('is kept up to a hundred times for a wallet, the newest', async () => {
    const token = await world.deployToken();
    for (let units = 1n; units <= 140n; units++) {
      await token.transfer(BOB, units);
      if (units % 70n === 0n) await world.anvil.mine();
    }
    await world.caughtUp();
    const kept = await quarantined('?limit=200');
    expect(kept).toHaveLength(100);
    expect(kept.filter(({ amount }) => BigInt(amount) > 70n)).toHaveLength(70);
  });
});

async function knownToken(rules?: TokenRules): Promise<Token> {
  const token = await world.deployToken(rules);
  await world.watchAsset(token.assetId);
  await world.hear('wallet.balance_observed', ({ assetId }) => assetId === token.assetId);
  return token;
}

async function deposits(query = ''): Promise<ReplyOf<typeof ROUTES.listDeposits>['data']> {
  const { body } = await callAs(reader(), `${url}/v1/deposits${query}`);
  return ROUTES.listDeposits.reply.parse(body).data;
}

async function quarantined(query = ''): Promise<ReplyOf<typeof ROUTES.listQuarantinedDeposits>['data']> {
  const { body } = await callAs(reader(), `${url}/v1/deposits/quarantined${query}`);
  return ROUTES.listQuarantinedDeposits.reply.parse(body).data;
}

function reader() {
  return person(world.tenantId, randomUUID(), 'wallets:read', 'wallets:read_all');
}
