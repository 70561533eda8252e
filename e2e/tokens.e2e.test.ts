import { ROUTES } from '@ironforge/contracts';
import { growCall, payThroughCode, waitUntil } from '@ironforge/testing';
import { getAddress } from 'ethers';
import { beforeAll, describe, expect, it } from 'vitest';
import { chain } from './world/environment.ts';
import { headHeight, mine } from './world/node.ts';
import {
  allowAll,
  askToPay,
  type KeyedWallet,
  NATIVE,
  openWallet,
  signAndSubmit,
  untilStatus,
} from './world/payment.ts';
import { present } from './world/present.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';
import { deployToken, fromFaucet, fundToken, registerToken, type Token } from './world/token.ts';

let tenant: Tenant;
let treasury: KeyedWallet;
let branch: KeyedWallet;

beforeAll(async () => {
  tenant = await foundTenant();
  await allowAll(tenant);
  [treasury, branch] = await Promise.all([openWallet(tenant), openWallet(tenant)]);
});

describe('a token', () => {
  it('comes in, is sent by a signer outside, and arrives: the balances are right after each', async () => {
    const token = await deployToken({ feePercent: 0 });
    await register(token);
    await fundToken(token, treasury.address, 10_000n);
    expect(await depositOf(token, treasury)).toMatchObject({ amount: '10000', loggedAmount: null });
    const paid = await pay(token, 1_000n);
    await balanceIs(token, treasury, '9000');
    await balanceIs(token, branch, '1000');
    expect(await depositOf(token, branch)).toMatchObject({
      amount: '1000',
      from: treasury.address,
      txHash: paid,
    });
  });

  it('that takes a fee is booked with what arrives, the logged amount beside, and its sender loses the whole', async () => {
    const token = await deployToken({ feePercent: 3 });
    await register(token);
    await fundToken(token, treasury.address, 10_000n);
    expect(await depositOf(token, treasury)).toMatchObject({ amount: '9700', loggedAmount: '10000' });
    await pay(token, 1_000n);
    await balanceIs(token, treasury, '8700');
    await balanceIs(token, branch, '970');
    expect(await depositOf(token, branch)).toMatchObject({ amount: '970', loggedAmount: '1000' });
  });

  it('whose balances grow by themselves is told so, and what is sent afterwards is booked to the unit', async () => {
    const token = await deployToken({ feePercent: 0 });
    await register(token);
    await fundToken(token, treasury.address, 10_000n);
    await balanceIs(token, treasury, '10000');
    await fromFaucet({ to: token.contract, data: growCall(50) });
    const grown = await depositOf(token, treasury, 'unexplained');
    expect(grown).toMatchObject({ amount: '5000', txHash: null, from: null });
    await pay(token, 3_000n);
    await balanceIs(token, treasury, '12000');
    await balanceIs(token, branch, '3000');
  });

  it('that the tenant does not know is kept apart until it is registered', async () => {
    const token = await deployToken({ feePercent: 0 });
    await fundToken(token, treasury.address, 77n);
    const listed = async () => {
      const query = { walletId: treasury.id, assetId: token.assetId };
      return (await tenant.operator.call(ROUTES.listQuarantinedDeposits, { query })).data;
    };
    await waitUntil('it is in quarantine', async () => (await listed()).length === 1);
    const { data } = await tenant.operator.call(ROUTES.getBalances, { params: { id: treasury.id } });
    expect(data.map(({ assetId }) => assetId)).not.toContain(token.assetId);
    await register(token);
    expect(await depositOf(token, treasury)).toMatchObject({ amount: '77' });
    await balanceIs(token, treasury, '77');
    expect(await listed()).toEqual([]);
  });
});

describe('the coin', () => {
  it('that a contract pays is found by the sweep, with the blocks between which it came', async () => {
    await mine(12);
    const before = await headHeight();
    await fromFaucet({ data: payThroughCode(branch.address), value: '0x7b' });
    const found = await waitUntil('the deposit', async () => {
      const query = { walletId: branch.id, kind: 'internal' as const };
      return (await tenant.operator.call(ROUTES.listDeposits, { query })).data[0];
    });
    expect(found).toMatchObject({ amount: '123', txHash: null, assetId: NATIVE });
    expect(present(found.fromHeight, 'its first block')).toBeLessThanOrEqual(before + 2);
    expect(present(found.blockHeight, 'its last block')).toBeGreaterThan(before);
  });

  it('that came before the wallet was registered is found by a backfill, and not twice', async () => {
    const from = await headHeight();
    const late = getAddress(`0x${'c0ffee'.repeat(6)}${String(from).padStart(4, '0').slice(-4)}`);
    await fromFaucet({ to: late, value: '0x5' });
    const body = { chainId: chain.chainId, name: 'late', type: 'deposit', address: late } as const;
    const { id } = await tenant.operator.call(ROUTES.createWallet, { body });
    const params = { id };
    await waitUntil('it is active', async () => {
      return (await tenant.operator.call(ROUTES.getWallet, { params })).status === 'active';
    });
    await tenant.operator.call(ROUTES.createBackfill, { params, body: { fromHeight: from } });
    await waitUntil('its end', async () => {
      const { data } = await tenant.operator.call(ROUTES.listBackfills, { params });
      return data[0]?.status === 'done';
    });
    const { data } = await tenant.operator.call(ROUTES.listDeposits, { query: { walletId: id } });
    expect(data.map(({ amount, kind }) => [amount, kind])).toEqual([['5', 'transfer']]);
  });
});

it('a token is registered by the decimals that it says itself, and by no others', async () => {
  const contract = getAddress(present(await fromFaucet({ data: SAYS_SIX }), 'its contract'));
  const token = { assetId: `${chain.chainId}/erc20:${contract}`, chainId: chain.chainId, symbol: 'SIX' };
  const register = async (decimals: number) =>
    await tenant.operator.ask(ROUTES.createAsset, { body: { ...token, name: 'Six', decimals } });
  expect(await register(12)).toMatchObject({
    status: 422,
    problem: { errors: [{ pointer: '/decimals', code: 'decimals_differ', detail: 'the token says 6' }] },
  });
  expect(await register(6)).toMatchObject({ status: 201 });
});

/** Creation code of a contract that answers 6 to whatever it is asked. */
const SAYS_SIX = '0x69600660005260206000f3600052600a6016f3';

async function register(token: Token): Promise<void> {
  await registerToken(tenant, token);
  await balanceSeen(token.assetId);
}

/** The watcher follows a token from the moment at which it has told its balances. */
async function balanceSeen(assetId: string): Promise<void> {
  await waitUntil('the token is followed', async () => {
    const { data } = await tenant.operator.call(ROUTES.getBalances, { params: { id: treasury.id } });
    return data.some((balance) => balance.assetId === assetId);
  });
}

/** From the treasury to the branch, from the wish to its confirmation; gives the hash. */
async function pay({ assetId }: Token, units: bigint): Promise<string> {
  const wish = { assetId, amount: units.toString(), to: branch.address };
  const request = await askToPay(tenant.operator, treasury, wish);
  await signAndSubmit(tenant.signer, request, treasury.key);
  return present((await untilStatus(tenant.operator, request, 'confirmed')).txHash, 'its hash');
}

function depositOf({ assetId }: Token, { id }: KeyedWallet, kind: 'transfer' | 'unexplained' = 'transfer') {
  const query = { walletId: id, assetId, kind };
  return waitUntil(`a deposit of ${assetId}`, async () => {
    return (await tenant.operator.call(ROUTES.listDeposits, { query })).data[0];
  });
}

async function balanceIs({ assetId }: Token, { id }: KeyedWallet, units: string): Promise<void> {
  await waitUntil(`a balance of ${units}`, async () => {
    const { data } = await tenant.operator.call(ROUTES.getBalances, { params: { id } });
    const balance = data.find((one) => one.assetId === assetId);
    return balance?.amount === units && balance.pending === '0' && balance.available === units;
  });
}
