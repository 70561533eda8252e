import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Wallet } from 'ethers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, reconcileChain } from './world/books.ts';
import { environment } from './world/environment.ts';
import {
  allowAll,
  askToPay,
  ETHER,
  type KeyedWallet,
  type Payload,
  readRequest,
  signatureFor,
  signPayload,
  takePayload,
  untilStatus,
} from './world/payment.ts';
import { placeAt } from './world/place.ts';
import { present } from './world/present.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

/** As many as one process sends at once: all of them wait while their node stands still. */
const WAITING = 16;
const one = placeAt(0);
const two = placeAt(1);
/** The coin of the second chain, as its configuration names it. */
const COIN = { [one.chainId]: `${one.chainId}/slip44:60`, [two.chainId]: `${two.chainId}/slip44:714` };
/** Nobody else works on the second chain, so its node may stand still for a while. */
const node = present(
  environment.servers.find(({ name }) => name === `anvil-${two.chainId.replace('eip155:', '')}`)?.pid,
  'the node of the second chain',
);

const person = Wallet.createRandom();
let tenant: Tenant;
let onOne: KeyedWallet;
let onTwo: KeyedWallet;

beforeAll(async () => {
  tenant = await foundTenant();
  await allowAll(tenant);
  [onOne, onTwo] = await Promise.all([one.openWallet(tenant, person), two.openWallet(tenant, person)]);
});
afterAll(() => process.kill(node, 'SIGCONT'));

it('lists both chains, each with its own coin and depth', async () => {
  const { data } = await tenant.user.call(ROUTES.listChains);
  expect(
    data.map(({ chainId, nativeAssetId, confirmations }) => [chainId, nativeAssetId, confirmations]),
  ).toEqual([
    [one.chainId, COIN[one.chainId], 2],
    [two.chainId, COIN[two.chainId], 3],
  ]);
});

it('sees what comes in on each chain, for the same address on both', async () => {
  const [first, second] = await Promise.all([
    one.deposit(person.address, 3n * ETHER),
    two.deposit(person.address, 5n * ETHER),
  ]);
  expect(await confirmedDeposit(onOne)).toMatchObject({
    txHash: first,
    chainId: one.chainId,
    amount: (3n * ETHER).toString(),
  });
  expect(await confirmedDeposit(onTwo)).toMatchObject({
    txHash: second,
    chainId: two.chainId,
    amount: (5n * ETHER).toString(),
  });
});

it('pays on both from nonce 0 on, and a node that stands still holds nobody of the other chain', async () => {
  const [paid] = await offers(onOne, one.chainId, 1);
  const held = await offers(onTwo, two.chainId, WAITING);
  expect(present(paid, 'a payload').evm).toMatchObject({ nonce: 0, type: 2 });
  expect(held.map(({ evm }) => [evm.type, evm.nonce])).toEqual(held.map((_, nonce) => [0, nonce]));

  process.kill(node, 'SIGSTOP');
  for (const payload of held) await submit(payload);
  await waitUntil(
    'the second chain is known to be behind',
    async () => (await statusOn(two.chainId)) === 'behind',
  );
  await one.openWallet(tenant, Wallet.createRandom());
  const done = await submit(present(paid, 'a payload'));
  await untilStatus(tenant.operator, done, 'confirmed');
  for (const { transactionId: id } of held) {
    expect((await readRequest(tenant.operator, { id })).status).not.toBe('confirmed');
  }

  process.kill(node, 'SIGCONT');
  for (const { transactionId: id } of held) await untilStatus(tenant.operator, { id }, 'confirmed');
  expect([await one.minedCount(person.address), await two.minedCount(person.address)]).toEqual([1, WAITING]);
});

it('has stored of the second chain what the chain shows, from the first block on, and a planted difference is named', async () => {
  expect(await reconcile()).toMatchObject({ code: 0, lines: [{ ok: true, from: 0, differences: 0 }] });
  await using database = await openDatabase();
  const raise = (by: number) =>
    database.query(`UPDATE transactions SET amount = amount + $1 WHERE wallet_id = $2 AND direction = 'in'`, [
      by,
      onTwo.id,
    ]);
  await raise(1);
  const differing = await reconcile();
  await raise(-1);
  const amounts = { onChain: (5n * ETHER).toString(), stored: (5n * ETHER + 1n).toString() };
  expect(differing.lines).toMatchObject([
    { kind: 'wrong_amount', ...amounts },
    { ok: false, differences: 1 },
  ]);
  expect(differing.code).toBe(5);
});

const reconcile = () => reconcileChain(tenant, two.chainId);

/** Payloads for so many payments, in the order of their nonces. */
async function offers(wallet: KeyedWallet, chainId: string, count: number): Promise<Payload[]> {
  const payloads: Payload[] = [];
  for (let made = 0; made < count; made++) {
    const request = await askToPay(tenant.operator, wallet, { assetId: present(COIN[chainId], chainId) });
    payloads.push(await takePayload(tenant.signer, request));
  }
  return payloads;
}

function submit(payload: Payload) {
  return tenant.signer.call(
    ROUTES.submitSignature,
    signatureFor(payload, signPayload(payload, person.signingKey)),
  );
}

function confirmedDeposit({
  id,
}: KeyedWallet): Promise<ReplyOf<(typeof ROUTES)['listDeposits']>['data'][number]> {
  return waitUntil('the deposit is confirmed', async () => {
    const { data } = await tenant.operator.call(ROUTES.listDeposits, { query: { walletId: id } });
    return data.find(({ status }) => status === 'confirmed');
  });
}

async function statusOn(chainId: string) {
  const { data } = await tenant.user.call(ROUTES.listChains);
  return data.find((chain) => chain.chainId === chainId)?.status;
}
