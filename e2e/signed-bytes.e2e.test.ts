import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { type SigningKey, Transaction, Wallet } from 'ethers';
import { beforeAll, describe, expect, it } from 'vitest';
import { minedCount } from './world/node.ts';
import {
  allowAll,
  askToPay,
  type KeyedWallet,
  openWallet,
  type Payload,
  type Request,
  readRequest,
  signatureFor,
  signPayload,
  takePayload,
  untilStatus,
} from './world/payment.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

let tenant: Tenant;
let wallet: KeyedWallet;
let request: Request;
let payload: Payload;

beforeAll(async () => {
  tenant = await foundTenant();
  await allowAll(tenant);
  wallet = await openWallet(tenant);
  request = await askToPay(tenant.operator, wallet);
  payload = await takePayload(tenant.signer, request);
});

const stranger = Wallet.createRandom();

const CHANGES: readonly (readonly [what: string, field: string, change: (tx: Transaction) => void])[] = [
  ['another recipient', 'to', (tx) => void (tx.to = stranger.address)],
  ['a contract creation', 'to', (tx) => void (tx.to = null)],
  ['one wei more', 'value', (tx) => void (tx.value += 1n)],
  ['call data', 'data', (tx) => void (tx.data = '0x00')],
  ['the next nonce', 'nonce', (tx) => void (tx.nonce += 1)],
  ['another chain', 'chainId', (tx) => void (tx.chainId = 1n)],
  ['a fee above the ceiling', 'fee', (tx) => void (tx.maxFeePerGas = 10n ** 18n)],
  ['gas above the ceiling', 'fee', (tx) => void (tx.gasLimit = 10n ** 12n)],
  ['an access list', 'type', (tx) => void (tx.accessList = [{ address: stranger.address, storageKeys: [] }])],
];

describe('signed bytes with another content', () => {
  it.each(CHANGES)('are refused by field: %s', async (_what, field, change) => {
    await expectRefused(signPayload(payload, wallet.key, change), field);
  });

  it('are refused when they are of another type', async () => {
    const { to, value, data, nonce, chainId, gasLimit, maxFeePerGas } = Transaction.from(
      payload.evm.unsignedTransaction,
    );
    const legacy = Transaction.from({
      type: 0,
      to,
      value,
      data,
      nonce,
      chainId,
      gasLimit,
      gasPrice: maxFeePerGas,
    });
    await expectRefused(signedBy(legacy, wallet.key), 'type');
  });

  it('are refused when somebody else signed them', async () => {
    await expectRefused(signPayload(payload, stranger.signingKey), 'from');
  });

  it('are refused when they are no transaction at all', async () => {
    for (const bytes of ['0x', '0x02', '0xdeadbeef', payload.evm.unsignedTransaction]) {
      const { status } = await tenant.signer.outcome(ROUTES.submitSignature, signatureFor(payload, bytes));
      expect(status).toBe(422);
    }
    expect((await readRequest(tenant.operator, request)).status).toBe('approved');
  });

  it('do not stop the right ones, which are taken twice alike and reach the chain once', async () => {
    const signature = signatureFor(payload, signPayload(payload, wallet.key));
    const first = await tenant.signer.call(ROUTES.submitSignature, signature);
    const second = await tenant.signer.call(ROUTES.submitSignature, signature);
    expect(second.txHash).toBe(first.txHash);
    await untilStatus(tenant.operator, request, 'confirmed');
    expect(await minedCount(wallet.address)).toBe(1);
  });
});

/** 422 with exactly this field; the request is as before, and the audit log has one security entry more. */
async function expectRefused(signedTransaction: string, field: string): Promise<void> {
  const [before, known] = [await readRequest(tenant.operator, request), (await securityEntries()).length];
  const answer = await tenant.signer.ask(ROUTES.submitSignature, signatureFor(payload, signedTransaction));
  if (!('problem' in answer)) throw new Error('the bytes were taken');
  expect({ status: answer.status, code: answer.problem.code }).toEqual({
    status: 422,
    code: 'signed_bytes_differ',
  });
  expect(answer.problem.errors).toMatchObject([{ pointer: '/signedTransaction', code: 'differs', field }]);
  expect(await readRequest(tenant.operator, request)).toEqual(before);
  const entry = await waitUntil('a security entry', async () => (await securityEntries())[known]);
  expect(entry).toMatchObject({ type: 'security_signature_refused', status: 'failure' });
  expect(entry.details).toMatchObject({ fields: [field] });
}

async function securityEntries() {
  const query = { resourceType: 'tx_request', resourceId: request.id, limit: 200 };
  const { data } = await tenant.compliance.call(ROUTES.listAuditEntries, { query });
  return data.filter(({ type }) => type.startsWith('security_'));
}

function signedBy(transaction: Transaction, key: SigningKey): string {
  transaction.signature = key.sign(transaction.unsignedHash);
  return transaction.serialized;
}
