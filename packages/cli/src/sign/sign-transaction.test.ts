import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvmCodec } from '@ironforge/chain-evm';
import { intentHash } from '@ironforge/tx-core';
import { SigningKey, Transaction, Wallet } from 'ethers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Api } from '../api/client.ts';
import { openJournal } from './journal.ts';
import { asIntent, rulesOf, type SigningPayload, type TaskKind } from './objection.ts';
import { signTransaction } from './sign-transaction.ts';
import { keySigner } from './signer.ts';

const id = '11111111-1111-4111-8111-111111111111';
const wallet = Wallet.createRandom();
const signer = keySigner({ address: wallet.address, key: new SigningKey(wallet.privateKey) });
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'signer-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('signs an approved payment at one nonce, whatever a server in a stranger’s hands asks for', async () => {
  const server = hostileServer();
  expect(await sign(server, 5)).toHaveProperty('signed.nonce', 5);
  expect(await sign(server, 5)).toHaveProperty('signed.nonce', 5);
  const again = await sign(server, 6);
  expect('refused' in again && again.refused).toMatch(/signed at nonce 5 before \(0x[0-9a-f]{64}\)/);
  expect(server.nonces).toEqual([5, 5]);
});

it('signs a speed-up of a payment at its own nonce, and at no other', async () => {
  const server = hostileServer();
  await sign(server, 5);
  expect(await sign(server, 5, 'speed_up')).toHaveProperty('signed.nonce', 5);
  expect(await sign(server, 6, 'speed_up')).toHaveProperty('refused');
  expect(server.nonces).toEqual([5, 5]);
});

it('signs what moves nothing at every nonce, and notes nothing of it', async () => {
  const server = hostileServer();
  for (const nonce of [5, 6])
    expect(await sign(server, nonce, 'cancel')).toHaveProperty('signed.nonce', nonce);
  expect(await sign(server, 7)).toHaveProperty('signed.nonce', 7);
});

it('hands in nothing when another signer noted the request while it was signed', async () => {
  const server = hostileServer();
  const other = openJournal(folder);
  const slow = {
    ...signer,
    sign: async (payload: SigningPayload) => {
      await other.note(id, { nonce: 4, txHash: '0xaa' });
      return await signer.sign(payload);
    },
  };
  expect(await sign(server, 5, 'original', slow)).toHaveProperty('refused');
  expect(server.nonces).toEqual([]);
});

function sign(server: HostileServer, nonce: number, kind: TaskKind = 'original', by = signer) {
  server.offer(nonce, kind);
  const deps = {
    api: server.api,
    signer: by,
    rules: null,
    journal: openJournal(folder),
    clock: () => new Date(),
  };
  return signTransaction(deps, { transactionId: id, kind });
}

interface HostileServer {
  readonly api: Api;
  /** Where the payments that were handed in spend. */
  readonly nonces: readonly number[];
  offer(nonce: number, kind: TaskKind): void;
}

/** Offers what it likes, and keeps all signatures it gets. */
function hostileServer(): HostileServer {
  const nonces: number[] = [];
  let offered: SigningPayload = payloadAt(0, 'original');
  const call = async (route: { readonly path: string }, input: { readonly body?: unknown }) => {
    if (route.path.endsWith('/signing-payload')) return offered;
    const { signedTransaction } = input.body as { signedTransaction: string };
    nonces.push(Transaction.from(signedTransaction).nonce);
    return { status: 'signed' };
  };
  return {
    api: { call } as unknown as Api,
    nonces,
    offer: (nonce, kind) => (offered = payloadAt(nonce, kind)),
  };
}

const intent: SigningPayload['intent'] = {
  version: 1,
  requestId: id,
  tenantId: id,
  walletId: id,
  chainId: 'eip155:31337',
  from: wallet.address,
  to: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  assetId: 'eip155:31337/slip44:60',
  amount: '1000',
  feeCeiling: '42000',
  validUntil: '2099-01-02T00:00:00Z',
};

function payloadAt(nonce: number, kind: TaskKind): SigningPayload {
  const nothing = { to: intent.from, amount: '0' };
  const asked = { ...intent, ...(kind === 'cancel' && nothing) };
  const binding = { nonce, gasLimit: 21_000n, maxFeePerGas: 2n, maxPriorityFeePerGas: 1n };
  const bare: SigningPayload = {
    transactionId: id,
    kind: kind === 'gap_fill' ? 'original' : kind,
    leaseId: id,
    fence: nonce,
    expiresAt: '2099-01-01T00:00:00Z',
    intent: asked,
    intentHash: intentHash(asIntent(asked)),
    original: { intent, intentHash: intentHash(asIntent(intent)) },
    approvals: [],
    required: [],
    evm: {
      nonce,
      gasLimit: 21_000,
      maxFeePerGas: '2',
      maxPriorityFeePerGas: '1',
      type: 2,
      unsignedTransaction: '0x',
    },
  };
  const { unsignedTransaction } = createEvmCodec(rulesOf(bare)).buildUnsigned(asked, binding);
  return { ...bare, evm: { ...bare.evm, unsignedTransaction } };
}
