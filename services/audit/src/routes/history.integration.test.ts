import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import {
  type AuditWorld,
  createAuditWorld,
  loginFailed,
  message,
  newTenant,
  personOf,
  walletUpdated,
} from '../audit.fixture.ts';

const entries = ROUTES.listAuditEntries.reply;
const history = ROUTES.getAuditHistory.reply;
const tenantId = newTenant();
const other = newTenant();
const [walletId, userId, keyId] = [randomUUID(), randomUUID(), randomUUID()];
const person = { type: 'user', id: userId } as const;
const bot = { type: 'api_key', id: keyId } as const;

let world: AuditWorld;
let audit: Audit;
/** When the log had sealed so many entries, by its checkpoints. */
let sealed: { readonly size: number; readonly sealedAt: string }[];

/** 1: a user, 2: his key, 3: a wallet that the key changed, 4: its balance, 5: the wallet again, 6: the user again; each a batch. */
beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start();
  const told = [
    userTold('user.registered', 1, 'active'),
    message('api_key.created', {
      ...{ tenantId, subject: keyId, version: 1, actor: person },
      data: { apiKey: { id: keyId, userId, name: 'bot', permissions: null, expiresAt: null } },
    }),
    walletUpdated(tenantId, walletId, 1),
    balanceChanged(),
    walletUpdated(tenantId, walletId, 2),
    userTold('user.updated', 2, 'suspended'),
  ];
  for (const [index, event] of told.entries()) {
    await world.publish([event]);
    await world.numbered(tenantId, index + 1);
  }
  const reply = ROUTES.listAuditCheckpoints.reply.parse((await get('/v1/audit/checkpoints')).body);
  sealed = reply.data.map(({ size, sealedAt }) => ({ size, sealedAt }));
});

afterAll(() => world[Symbol.asyncDispose]());

describe('asOf', () => {
  it('is null where nobody asked for a moment', async () => {
    expect((await list('')).asOf).toBeNull();
  });

  it('by a time shows what was sealed at it, the millisecond included', async () => {
    const { data, asOf } = await list(`?asOf=${sealed[2]?.sealedAt}`);
    expect(data.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(asOf).toEqual({ sequence: 3, sealedAt: sealed[2]?.sealedAt });
  });

  it('by a number shows the entries up to it, and when that one was sealed', async () => {
    const { data, asOf } = await list('?asOf=4&limit=3');
    expect(data.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(asOf).toEqual({ sequence: 4, sealedAt: sealed[3]?.sealedAt });
  });

  it('holds over pages and with filters', async () => {
    const first = await list('?asOf=4&limit=3');
    const next = await list(`?asOf=4&limit=3&cursor=${first.nextCursor}`);
    expect(next.data.map(({ sequence }) => sequence)).toEqual([4]);
    expect(next.nextCursor).toBeNull();
    expect((await list(`?asOf=4&q=${walletId}`)).data.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect((await list('?asOf=4&type=wallet_updated')).data).toHaveLength(1);
  });

  it.each(['2999-01-01T00:00:00Z', '1000000'])('of a moment to come, %s, is now', async (moment) => {
    const { data, asOf } = await list(`?asOf=${moment}`);
    expect(data).toHaveLength(6);
    expect(asOf).toEqual({ sequence: 6, sealedAt: sealed[5]?.sealedAt });
  });

  it.each(['2020-01-01T00:00:00Z', '0'])(
    'of %s, when nothing was sealed, is an empty page',
    async (moment) => {
      const { data, nextCursor, asOf } = await list(`?asOf=${moment}`);
      expect([data, nextCursor, asOf]).toEqual([[], null, { sequence: 0, sealedAt: null }]);
    },
  );

  it('is an empty page for a tenant whose log has nothing', async () => {
    expect((await list('?asOf=5', newTenant())).data).toEqual([]);
  });

  it('by a transaction of immudb is refused with 422 where there is none', async () => {
    expect((await get('/v1/audit/entries?asOf=immudb:5')).status).toBe(422);
  });

  it.each(['yesterday', '-1', '1.5', '2026-01-01', 'immudb:', 'immudb:0', 'immudb:x', '', '9'.repeat(16)])(
    'refuses %j with 422',
    async (moment) => {
      expect((await get(`/v1/audit/entries?asOf=${moment}`)).status).toBe(422);
      expect((await get(`/v1/audit/history/wallet/${walletId}?asOf=${moment}`)).status).toBe(422);
    },
  );
});

describe('GET /v1/audit/history/{kind}/{id}', () => {
  it('shows what happened to a wallet, and what it is now', async () => {
    const { data, asOf, state } = await historyOf('wallet', walletId);
    expect(data.map(({ sequence }) => sequence)).toEqual([3, 4, 5]);
    expect(asOf).toBeNull();
    expect(state).toMatchObject({ id: walletId, name: 'wallet at version 2' });
  });

  it('shows what it was at a moment, past what only happened around it', async () => {
    const { data, state } = await historyOf('wallet', walletId, '?asOf=4');
    expect(data.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(state).toMatchObject({ name: 'wallet at version 1' });
  });

  it('shows nothing of a time before it was there', async () => {
    const { data, state, asOf } = await historyOf('wallet', walletId, '?asOf=2');
    expect([data, state, asOf?.sequence]).toEqual([[], null, 2]);
  });

  it('of a user shows what is about him, what he did, and what his keys did, each once', async () => {
    await world.publish([message('wallet.activated', { ...walletBy(bot), version: 3 })]);
    await world.numbered(tenantId, 7);
    await world.publish([loginFailed(tenantId, userId)]);
    await world.numbered(tenantId, 8);
    const { data, state } = await historyOf('user', userId);
    expect(data.map(({ type }) => type)).toEqual([
      'user_registered',
      'api_key_created',
      'user_updated',
      'wallet_activated',
      'login_failed',
    ]);
    expect(state).toEqual({ id: userId, roles: ['operator'], status: 'suspended' });
    expect((await historyOf('user', userId, '?asOf=5')).state).toMatchObject({ status: 'active' });
  });

  it('comes page by page', async () => {
    const first = await historyOf('user', userId, '?limit=2');
    const next = await historyOf('user', userId, `?limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...next.data].map(({ sequence }) => sequence)).toEqual([1, 2, 6, 7]);
    expect(next.state).toEqual(first.state);
  });

  it('is not there for another tenant, for whoever may not read the log, and for what the log does not know', async () => {
    const path = `/v1/audit/history/wallet/${walletId}`;
    expect((await get(path, other)).status).toBe(404);
    expect((await get(path, tenantId, 'wallets:read')).status).toBe(403);
    for (const wrong of [`wallet/${randomUUID()}`, `planet/${walletId}`, 'wallet/x', `user/${walletId}`])
      expect((await get(`/v1/audit/history/${wrong}`)).status).toBe(404);
  });
});

function userTold(type: 'user.registered' | 'user.updated', version: number, status: string) {
  const data = { user: { id: userId, roles: ['operator'], status } };
  return message(type, { tenantId, subject: userId, version, data });
}

function walletBy(actor: typeof bot) {
  const wallet = {
    ...{
      id: walletId,
      userId: randomUUID(),
      chainId: 'eip155:31337',
      address: '0x1',
      name: 'w',
      type: 'hot',
    },
    ...{ status: 'active', policyId: null, isWatchOnly: false, tags: [] },
  };
  return { tenantId, subject: walletId, data: { wallet, fromHeight: 0 }, actor };
}

function balanceChanged() {
  const data = {
    ...{ walletId, chainId: 'eip155:31337', assetId: 'eip155:31337/slip44:60' },
    ...{ oldBalance: '0', newBalance: '5', blockHeight: 3, version: 1 },
  };
  return message('wallet.balance_changed', { tenantId, subject: walletId, version: 1, data });
}

async function list(query: string, tenant: TenantId = tenantId) {
  return entries.parse((await get(`/v1/audit/entries${query}`, tenant)).body);
}

async function historyOf(kind: string, id: string, query = '') {
  return history.parse((await get(`/v1/audit/history/${kind}/${id}${query}`)).body);
}

async function get(
  path: string,
  tenant: TenantId = tenantId,
  permission = 'audit:read',
): Promise<{ status: number; body: unknown }> {
  const authorization = await world.authorize(personOf(tenant, permission));
  const response = await fetch(new URL(path, audit.url), { headers: { authorization } });
  return { status: response.status, body: await response.json() };
}
