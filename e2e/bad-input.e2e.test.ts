import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { problem, ROUTES } from '@ironforge/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { SECRETS } from './world/secrets.ts';
import type { RawRequest } from './world/caller.ts';
import { chain, environment } from './world/environment.ts';
import { allowAll, createBody, ETHER, type KeyedWallet, NATIVE, openWallet } from './world/payment.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

const GOOD = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const WRONG_CHECKSUM = '0x70997970c51812dc3A010C7d01b50e0d17dc79C8';
const TOKEN = `${chain.chainId}/erc20:${GOOD}`;
const TOO_MUCH = (2n ** 256n).toString();
const { hexKey: KEY, mnemonic: MNEMONIC, wif: WIF, extendedKey: XPRV } = SECRETS;

let tenant: Tenant;
let wallet: KeyedWallet;

beforeAll(async () => {
  tenant = await foundTenant();
  await allowAll(tenant);
  wallet = await openWallet(tenant, ETHER);
  const token = { assetId: TOKEN, chainId: chain.chainId, symbol: 'T', name: 'Token', decimals: 6 };
  await tenant.admin.call(ROUTES.createAsset, { body: token });
});

function post(path: string, body: unknown): RawRequest {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}

const payment = (wish: object) => post('/v1/transactions', { ...createBody(wallet), ...wish });
const newWallet = (wish: object) =>
  post('/v1/wallets', { chainId: chain.chainId, name: 'w', type: 'hot', address: GOOD, ...wish });
const decision = (wish: object) =>
  post(`/v1/transactions/${randomUUID()}/approvals`, {
    decision: 'approve',
    intentHash: `0x${'0'.repeat(64)}`,
    ...wish,
  });
const broken = () => ({ ...post('/v1/transactions', {}), body: '{"walletId": ' });
const array = () => post('/v1/transactions', []);

type Row = readonly [
  given: string,
  request: () => RawRequest,
  status: number,
  code: string,
  pointer: string | null,
];

const ROWS: readonly Row[] = [
  ['broken JSON', broken, 400, 'malformed_json', null],
  ['an array for a body', array, 422, 'validation_failed', ''],
  ['an unknown field', () => payment({ surprise: 1 }), 422, 'validation_failed', '/surprise'],
  ['no wallet', () => payment({ walletId: undefined }), 422, 'validation_failed', '/walletId'],
  ['a negative amount', () => payment({ amount: '-1' }), 422, 'validation_failed', '/amount'],
  ['an amount with a point', () => payment({ amount: '1.5' }), 422, 'validation_failed', '/amount'],
  ['an amount above uint256', () => payment({ amount: TOO_MUCH }), 422, 'validation_failed', '/amount'],
  ['an amount with a leading zero', () => payment({ amount: '01' }), 422, 'validation_failed', '/amount'],
  ['an amount in hex', () => payment({ amount: '0x10' }), 422, 'validation_failed', '/amount'],
  ['an empty amount', () => payment({ amount: '' }), 422, 'validation_failed', '/amount'],
  ['an amount that is a number', () => payment({ amount: 5 }), 422, 'validation_failed', '/amount'],
  ['zero without data', () => payment({ amount: '0' }), 422, 'validation_failed', '/amount'],
  ['a wrong checksum', () => payment({ to: WRONG_CHECKSUM }), 422, 'validation_failed', '/to'],
  ['a short address', () => payment({ to: GOOD.slice(0, -1) }), 422, 'validation_failed', '/to'],
  ['another chain’s asset', () => payment({ assetId: 'eip155:1/slip44:60' }), 422, 'unknown_asset', null],
  ['data with a token', () => payment({ assetId: TOKEN, data: '0x00' }), 422, 'validation_failed', '/data'],
  ['half a byte of data', () => payment({ data: '0x0' }), 422, 'validation_failed', '/data'],
  [
    'a validity in the past',
    () => payment({ validUntil: '2020-01-01T00:00:00Z' }),
    422,
    'validation_failed',
    '/validUntil',
  ],
  ['a NUL in a note', () => payment({ note: 'a\0b' }), 422, 'validation_failed', '/note'],
  ['a key in a note', () => payment({ note: `it is ${KEY}` }), 422, 'secret_in_request', '/note'],
  ['a phrase in a note', () => payment({ note: MNEMONIC }), 422, 'secret_in_request', '/note'],
  ['a WIF key in a memo', () => payment({ memo: WIF }), 422, 'secret_in_request', '/memo'],
  [
    'an xprv in a reference',
    () => payment({ clientReference: XPRV }),
    422,
    'secret_in_request',
    '/clientReference',
  ],
  ['a key in metadata', () => payment({ metadata: { a: [KEY] } }), 422, 'secret_in_request', '/metadata'],
  ['a key as recipient', () => payment({ to: KEY }), 422, 'secret_in_request', '/to'],
  ['a key as address', () => newWallet({ address: KEY }), 422, 'secret_in_request', '/address'],
  ['an xprv as address', () => newWallet({ address: XPRV }), 422, 'secret_in_request', '/address'],
  ['a phrase as name', () => newWallet({ name: MNEMONIC }), 422, 'secret_in_request', '/name'],
  ['a key as tag', () => newWallet({ tags: ['ok', KEY] }), 422, 'secret_in_request', '/tags/1'],
  [
    'a wallet with a wrong checksum',
    () => newWallet({ address: WRONG_CHECKSUM }),
    422,
    'validation_failed',
    '/address',
  ],
  ['a wallet on an unknown chain', () => newWallet({ chainId: 'eip155:999' }), 422, 'unknown_chain', null],
  ['a phrase in a comment', () => decision({ comment: MNEMONIC }), 422, 'secret_in_request', '/comment'],
];

describe('bad input', () => {
  it.each(ROWS)('%s is refused as problem+json', async (_given, request, status, code, pointer) => {
    const answer = await tenant.admin.raw(request());
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    const told = problem.parse(JSON.parse(answer.text));
    expect({ status: answer.status, code: told.code }).toEqual({ status, code });
    expect(told.status).toBe(status);
    const pointers = [null, ...told.errors.map((error) => error.pointer)];
    expect(pointers).toContain(pointer);
    for (const secret of Object.values(SECRETS)) expect(answer.text).not.toContain(secret);
  });

  it('takes zero with data, and a key-like word where nobody writes', async () => {
    const data = `0x${KEY.slice(2)}`;
    const answer = await tenant.operator.raw(payment({ amount: '0', data }));
    expect(answer.status).toBe(201);
  });

  it('keeps secrets out of every log, wherever they were written', async () => {
    for (const secret of Object.values(SECRETS)) {
      const text = encodeURIComponent(secret);
      await tenant.admin.raw({ method: 'GET', path: `/v1/wallets/${text}` });
      await tenant.admin.raw({ method: 'GET', path: `/v1/wallets?tag=${text}` });
      await tenant.admin.raw({ method: 'GET', path: '/v1/me', headers: { authorization: `Bearer ${text}` } });
      await tenant.admin.raw({ method: 'GET', path: '/v1/me', headers: { 'x-request-id': text } });
      await tenant.admin.raw({ ...post('/v1/transactions', {}), body: `{"note": "${secret}"` });
      await tenant.admin.raw(post('/v1/auth/login', { email: secret, password: secret }));
    }
    for (const { name, logFile } of environment.services) {
      const log = readFileSync(logFile, 'utf8');
      for (const [kind, secret] of Object.entries(SECRETS)) {
        expect(log.includes(secret), `${kind} in the log of ${name}`).toBe(false);
      }
    }
  });

  it('leaves nothing behind that was refused', async () => {
    const list = await tenant.admin.raw({ method: 'GET', path: '/v1/transactions?limit=200' });
    expect(JSON.parse(list.text)).toMatchObject({ data: [{ amount: '0', assetId: NATIVE }] });
  });
});
