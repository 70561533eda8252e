import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, type Route, ROUTES } from '@ironforge/contracts';
import type { UserCaller } from '@ironforge/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CHAIN,
  COIN,
  newAddress,
  somebody,
  startTestRegistry,
  type TestRegistry,
} from '../registry.fixture.ts';

let registry: TestRegistry;
let id: string;
let entryId: string;
const blocked = newAddress();
const owner = somebody({ roles: ['user'] });
const admin = somebody({ tenantId: owner.tenantId });
const stranger = somebody();
beforeAll(async () => {
  registry = await startTestRegistry();
  const body = { chainId: CHAIN, name: 'mine', type: 'personal' as const, address: newAddress() };
  id = (await registry.ask(ROUTES.createWallet, owner, { body })).body.id;
  const entry = { kind: 'blocked' as const, chainId: CHAIN, address: blocked, label: 'x' };
  entryId = (await registry.ask(ROUTES.createAddressEntry, admin, { body: entry })).body.id;
});
afterAll(() => registry[Symbol.asyncDispose]());

const ABOUT_ONE: readonly [string, Route, object][] = [
  ['read', ROUTES.getWallet, {}],
  ['its balances', ROUTES.getBalances, {}],
  ['change', ROUTES.updateWallet, { body: { name: 'stolen' } }],
  ['archive', ROUTES.archiveWallet, {}],
];

async function statusFor(who: UserCaller, [, route, input]: (typeof ABOUT_ONE)[number]): Promise<number> {
  return (await registry.ask(route, who, { ...input, params: { id } })).status;
}

async function untouched(): Promise<boolean> {
  const rows = await registry.database.query('SELECT name, status FROM wallets WHERE id = $1', [id]);
  return rows[0]?.['name'] === 'mine' && rows[0]['status'] === 'activating';
}

describe.each([
  ['with both walls', []],
  [
    'with row-level security off',
    ['wallets', 'token_balances', 'balance_holds', 'wallet_counts', 'assets', 'address_book'],
  ],
])('another tenant, %s', (_what, open: readonly string[]) => {
  beforeAll(async () => {
    for (const table of open)
      await registry.database.query(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
  });
  afterAll(async () => {
    for (const table of open) await registry.database.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  });

  test.each(ABOUT_ONE)('finds nothing to %s', async (...route) => {
    expect(await statusFor(stranger, route)).toBe(404);
    expect(await untouched()).toBe(true);
  });

  test('lists nothing, and resolves nothing', async () => {
    expect((await registry.ask(ROUTES.listWallets, stranger)).body.data).toEqual([]);
    const body = { tenantId: stranger.tenantId, walletId: id, assetId: COIN };
    const service = { kind: 'service', service: 'gateway' } as const;
    const resolved = await registry.ask(INTERNAL_ROUTES.getWalletForTransfer, service, { body });
    expect(resolved.body.wallet).toBeNull();
    expect((await registry.ask(ROUTES.listAddressEntries, stranger)).body.data).toEqual([]);
    for (const route of [ROUTES.verifyAddressEntry, ROUTES.removeAddressEntry])
      expect((await registry.ask(route, stranger, { params: { id: entryId } })).status).toBe(404);
    const addresses = { chainId: CHAIN, addresses: [blocked], initiatorIds: [] };
    const known = (tenantId: string) =>
      registry.ask(INTERNAL_ROUTES.resolveAddresses, service, { body: { tenantId, ...addresses } });
    expect((await known(stranger.tenantId)).body.known).toEqual([]);
    expect((await known(owner.tenantId)).body.known).toHaveLength(1);
  });
});

describe('inside the tenant', () => {
  test('a user sees and changes his own wallets alone', async () => {
    const colleague = somebody({ roles: ['user'], tenantId: owner.tenantId });
    for (const route of ABOUT_ONE) expect(await statusFor(colleague, route)).toBe(404);
    expect((await registry.ask(ROUTES.listWallets, colleague)).body.data).toEqual([]);
    const query = { userId: owner.userId };
    expect((await registry.ask(ROUTES.listWallets, colleague, { query })).body.data).toEqual([]);
    expect((await registry.ask(ROUTES.listWallets, owner)).body.data).toHaveLength(1);
    expect(await untouched()).toBe(true);
  });

  test('who sees all sees it', async () => {
    expect((await registry.ask(ROUTES.getWallet, admin, { params: { id } })).body.id).toBe(id);
    expect((await registry.ask(ROUTES.listWallets, admin)).body.data).toHaveLength(1);
  });

  test('who has no right to write does not write', async () => {
    const approver = somebody({ roles: ['approver'], tenantId: owner.tenantId });
    const reply = await registry.ask(ROUTES.archiveWallet, approver, { params: { id } });
    expect(reply).toMatchObject({ status: 403, code: 'permission_denied' });
  });

  test('a malformed or unknown id is not found', async () => {
    for (const unknown of ['1', randomUUID()]) {
      expect((await registry.ask(ROUTES.getWallet, admin, { params: { id: unknown } })).status).toBe(404);
    }
  });

  test('a transfer learns what it needs to know, and nothing else', async () => {
    const body = { tenantId: owner.tenantId, walletId: id, assetId: COIN };
    const service = { kind: 'service', service: 'gateway' } as const;
    const resolved = await registry.ask(INTERNAL_ROUTES.getWalletForTransfer, service, { body });
    expect(resolved.body).toMatchObject({
      wallet: { id, userId: owner.userId, status: 'activating', tags: [] },
      asset: { assetId: COIN, chainId: CHAIN, symbol: 'ETH', decimals: 18 },
    });
    const unknown = { ...body, assetId: `${CHAIN}/erc20:${newAddress()}` };
    const without = await registry.ask(INTERNAL_ROUTES.getWalletForTransfer, service, { body: unknown });
    expect(without.body.asset).toBeNull();
  });

  test('a transfer finds a token however its letters are written, but not by a wrong checksum', async () => {
    const token = `${CHAIN}/erc20:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed`;
    const made = { assetId: token, chainId: CHAIN, symbol: 'TKN', name: 'Token', decimals: 6 };
    expect((await registry.ask(ROUTES.createAsset, admin, { body: made })).status).toBe(201);
    const service = { kind: 'service', service: 'gateway' } as const;
    const found = async (assetId: string) => {
      const body = { tenantId: owner.tenantId, walletId: id, assetId };
      return (await registry.ask(INTERNAL_ROUTES.getWalletForTransfer, service, { body })).body.asset
        ?.assetId;
    };
    expect(await found(token.toLowerCase())).toBe(token);
    expect(await found(token)).toBe(token);
    expect(await found(token.replace('aA', 'AA'))).toBeUndefined();
  });
});
