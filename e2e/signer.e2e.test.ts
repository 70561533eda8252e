import { ROUTES } from '@ironforge/contracts';
import { createFaultProxy, waitUntil } from '@ironforge/testing';
import { Wallet } from 'ethers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { environment } from './world/environment.ts';
import { balanceOf, minedCount } from './world/node.ts';
import {
  allowAll,
  askToPay,
  type KeyedWallet,
  openWallet,
  readRequest,
  signatureFor,
  signPayload,
  takePayload,
  untilStatus,
} from './world/payment.ts';
import { present } from './world/present.ts';
import { type Desk, openDesk } from './world/signing-desk.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

const PAYEE = Wallet.createRandom().address;
let tenant: Tenant;
let desk: Desk;
let wallet: KeyedWallet;

beforeAll(async () => {
  tenant = await foundTenant();
  await allowAll(tenant);
  desk = await openDesk(tenant.signer, [PAYEE]);
});
afterAll(() => desk[Symbol.dispose]());
beforeEach(async () => {
  wallet = await openWallet(tenant);
});

const pay = (wish: { to?: string; amount?: string } = {}) =>
  askToPay(tenant.operator, wallet, { to: PAYEE, ...wish });

/** A payment at a fee that no block takes, and its speed-up, to be signed. */
async function stuckPayment() {
  const request = await pay();
  const payload = await takePayload(tenant.signer, request);
  const bytes = signPayload(payload, wallet.key, (transaction) => {
    transaction.maxPriorityFeePerGas = 1n;
    transaction.maxFeePerGas = 1n;
  });
  await tenant.signer.call(ROUTES.submitSignature, signatureFor(payload, bytes));
  await tenant.operator.call(ROUTES.speedUpTransaction, { params: { id: request.id }, body: {} });
  return request;
}

describe('a signer who watches', () => {
  it('signs three requests of two kinds, refuses one by his own rules, and stops in order', async () => {
    const stuck = await stuckPayment();
    const first = await pay();
    const refused = await pay({ to: Wallet.createRandom().address });
    const signer = desk.watch([...desk.keystore(wallet), ...desk.rules()]);
    await signer.said('signed', stuck.id);
    await signer.said('refused', refused.id);
    const second = await pay();

    for (const request of [stuck, first, second]) await untilStatus(tenant.operator, request, 'confirmed');
    await signer.said('signed', second.id);
    expect(await signer.stop()).toBe(0);
    expect(signer.lines().map(({ event, kind, transactionId }) => [event, kind, transactionId])).toEqual([
      ['watching', undefined, undefined],
      ['signed', 'speed_up', stuck.id],
      ['signed', 'original', first.id],
      ['refused', 'original', refused.id],
      ['signed', 'original', second.id],
      ['stopped', undefined, undefined],
    ]);
    expect(await readRequest(tenant.operator, refused)).toMatchObject({ status: 'approved', attempts: [] });
    expect(await minedCount(wallet.address)).toBe(3);
    for (const secret of [wallet.key.privateKey.slice(2), desk.password, desk.apiKey])
      expect(signer.output()).not.toContain(secret);
  });

  it('may share a wallet with another: each request is signed to the same bytes, and mined once', async () => {
    const options = [...desk.keystore(wallet), ...desk.rules()];
    const signers = [desk.watch(options), desk.watch(options)];
    for (const signer of signers) await signer.said('watching');
    const requests = await Promise.all(Array.from({ length: 12 }, () => pay()));
    for (const request of requests) await untilStatus(tenant.operator, request, 'confirmed');
    for (const signer of signers) expect(await signer.stop()).toBe(0);

    const signed = signers.flatMap((signer) => signer.lines().filter(({ event }) => event === 'signed'));
    for (const request of requests) {
      const hashes = signed.filter((one) => one.transactionId === request.id).map(({ txHash }) => txHash);
      const { txHash, attempts } = await readRequest(tenant.operator, request);
      expect([new Set(hashes), attempts.length]).toEqual([new Set([txHash]), 1]);
    }
    expect(await minedCount(wallet.address)).toBe(requests.length);
    process.stdout.write(
      `${requests.length} requests, two signers: signed bytes handed in ${signed.length} times\n`,
    );
  });

  it('signs by a program of his own, and hands in nothing but what was approved', async () => {
    const program = desk.program(`
      import { Transaction, SigningKey } from '${import.meta.resolve('ethers')}';
      let order = '';
      for await (const chunk of process.stdin) order += chunk;
      const { unsignedTransaction } = JSON.parse(order);
      const transaction = Transaction.from(unsignedTransaction);
      if (transaction.value === 13n) transaction.to = '${Wallet.createRandom().address}';
      transaction.signature = new SigningKey('${wallet.key.privateKey}').sign(transaction.unsignedHash);
      console.log(transaction.serialized);`);
    const how = ['--sign-command', program, '--address', wallet.address.toLowerCase(), ...desk.journal()];
    const signer = desk.watch([...how, ...desk.rules()]);
    const right = await pay();
    await untilStatus(tenant.operator, right, 'confirmed');
    const altered = await pay({ amount: '13' });
    expect((await signer.said('refused', altered.id)).why).toContain('does not fit');
    expect((await readRequest(tenant.operator, altered)).status).toBe('approved');
    expect(await signer.stop()).toBe(0);
  });

  it('waits for a gateway that is away, says so once, and goes on', async () => {
    await using proxy = await createFaultProxy(environment.gatewayUrl);
    const url = proxy.urlFor(environment.gatewayUrl);
    const signer = desk.watch([...desk.keystore(wallet), ...desk.rules()], url);
    await signer.said('watching');
    proxy.refuse();
    await signer.said('away');
    const request = await pay();
    proxy.heal();
    await signer.said('back');
    await untilStatus(tenant.operator, request, 'confirmed');
    expect(signer.lines().filter(({ event }) => event === 'away')).toHaveLength(1);
    expect(await signer.stop()).toBe(0);
    expect(await balanceOf(PAYEE)).toBeGreaterThan(0n);
  });
});

describe('a call for signing tasks, through the gateway', () => {
  const call = (wait: number, signal?: AbortSignal) =>
    fetch(new URL(`/v1/signing-tasks?wait=${wait}&walletId=${wallet.id}`, environment.gatewayUrl), {
      headers: { authorization: `Bearer ${desk.apiKey}` },
      ...(signal && { signal }),
    });

  it('waits as long as it may, and for nobody who hung up', async () => {
    let isOver = false;
    const longest = call(30).then((answer) => ((isOver = true), answer));
    await waitUntil('one to wait', async () => (await waiting()) === 1);
    const hangUp = new AbortController();
    const gone = call(30, hangUp.signal);
    await waitUntil('two to wait', async () => (await waiting()) === 2);
    hangUp.abort();
    await expect(gone).rejects.toThrow('abort');
    await waitUntil('one to wait', async () => (await waiting()) === 1);
    expect(isOver).toBe(false);
    const answer = await longest;
    expect([answer.status, await answer.json()]).toEqual([200, { data: [], nextCursor: null }]);
  });

  /** Calls that wait in the orchestrator. */
  async function waiting(): Promise<number> {
    const found = environment.services.find(({ name }) => name === 'tx-orchestrator');
    const { url } = present(found, 'the orchestrator');
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^signing_polls_waiting\S* (\d+)$/m.exec(text)?.[1]);
  }
});
