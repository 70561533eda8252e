import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, waitUntil } from '@ironforge/testing';
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
import { findEntriesAt } from '../queries/entry-search.ts';

const { reply } = ROUTES.listAuditEntries;
const tenantId = newTenant();
const other = newTenant();
const [walletId, userId, keyId] = [randomUUID(), randomUUID(), randomUUID()];
const ADDRESS = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
/** More than a search looks through before it asks the index of words. */
const MANY = 2_100;

let world: AuditWorld;
let audit: Audit;

/** One renamed wallet before and one behind many sign-ins, a user and his key; and a wallet of another tenant. */
beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start();
  await publish([named(1, 'Treasury of Zürich')]);
  await publish(Array.from({ length: MANY }, () => loginFailed(tenantId)));
  await publish([named(2, 'Cold store')]);
  await publish([userRegistered()]);
  await publish([keyCreated()]);
  await world.publish([walletUpdated(other, walletId, 1)]);
  await world.numbered(other, 1);
});

afterAll(() => world[Symbol.asyncDispose]());

describe('GET /v1/audit/entries', () => {
  it.each([
    ['a word of a name, in any case', '?q=TREASURY', ['wallet_updated']],
    ['words that stand apart', '?q=zürich wallet treasury', ['wallet_updated']],
    ['words that no one entry has', '?q=treasury cold', []],
    ['part of a word', '?q=treas', []],
    ['a word far behind', '?q=cold', ['wallet_updated']],
    ['an id anywhere in an entry', `?q=${userId}`, ['user_registered', 'api_key_created']],
    ['an address', `?address=${ADDRESS.toLowerCase()}`, ['wallet_updated', 'wallet_updated']],
    ['an address by CAIP-10', `?address=eip155:31337:${ADDRESS}`, ['wallet_updated', 'wallet_updated']],
    ['an address of a token', `?address=eip155:1/erc20:${ADDRESS}`, ['wallet_updated', 'wallet_updated']],
    ['a word and a column', '?q=store&type=wallet_updated', ['wallet_updated']],
    ['a word and a time', '?q=store&to=2020-01-01T00:00:00Z', []],
    ['a chain', '?chainId=eip155:31337', ['wallet_updated', 'wallet_updated']],
    ['an action', '?action=create', ['user_registered', 'api_key_created']],
    ['a kind of resource', '?resourceType=api_key', ['api_key_created']],
    ['a kind of actor', '?actorType=api_key', ['api_key_created']],
    ['an actor and a status', `?actorId=${userId}&status=success`, ['user_registered']],
    ['a request', `?requestId=${randomUUID()}`, []],
    ['a status and an action that never meet', '?status=failure&action=create', []],
  ])('finds entries by %s', async (_what, query, types) => {
    expect((await list(query)).data.map(({ type }) => type)).toEqual(types);
  });

  it('finds what a request led to', async () => {
    const { data } = await list('?q=treasury');
    const requestId = data[0]?.requestId;
    expect((await list(`?requestId=${requestId}`)).data).toEqual(data);
  });

  it('finds page by page what is found often and what is found seldom', async () => {
    for (const [query, count] of [
      ['?q=login&limit=200', MANY],
      ['?status=failure&limit=200', MANY],
      ['?q=wallet&limit=1', 2],
    ] as const) {
      const seen: number[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Awaited<ReturnType<typeof list>> = await list(
          cursor === '' ? query : `${query}&cursor=${cursor}`,
        );
        seen.push(...page.data.map(({ sequence }) => sequence));
        cursor = page.nextCursor;
      }
      expect(seen).toHaveLength(count);
      expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
    }
  });

  it.each(['?q=', '?q=--', '?address=()', '?status=maybe', '?actorType=nobody', '?chainId=1'])(
    'refuses %s with 422',
    async (query) => {
      expect((await get(`/v1/audit/entries${query}`)).status).toBe(422);
    },
  );

  it('finds what was sealed before there were words, once the sweep has filled them', async () => {
    await world.database.query('UPDATE audit_entries SET search_terms = NULL WHERE tenant_id = $1', [
      tenantId,
    ]);
    await waitUntil('words for every entry', async () => (await without()) === 0);
    expect((await list('?q=cold')).data).toHaveLength(1);
    expect((await list('?q=login&limit=200')).data).toHaveLength(200);
  });
});

describe('the wall between tenants, in a search by words', () => {
  it('holds with row-level security switched off: the queries name the tenant', async () => {
    const walls = (state: string) =>
      world.database.query(`ALTER TABLE audit_entries ${state} ROW LEVEL SECURITY`);
    await walls('DISABLE');
    expect((await list(`?q=${walletId}`, other)).data).toHaveLength(1);
    await walls('ENABLE');
  });

  it('holds with the numbers of another tenant: row-level security and the search itself are asked again', async () => {
    await using store = createStore({ url: world.database.url, log: createCollectingLogger() });
    const span = { after: 0n, upTo: 9_999n };
    const search = { filter: {}, terms: ['login'], span, limit: 10 };
    const found = await store
      .forTenant(other)
      .read((tx) => findEntriesAt(tx, other, { search, numbers: [1n, 2n, 3n] }));
    expect(found).toEqual([]);
  });
});

async function publish(messages: Parameters<AuditWorld['publish']>[0]): Promise<void> {
  const before = (await world.entries(tenantId)).length;
  await world.publish(messages);
  await world.numbered(tenantId, before + messages.length);
}

function named(version: number, name: string) {
  const wallet = {
    ...{ id: walletId, userId: randomUUID(), chainId: 'eip155:31337', address: ADDRESS, name, type: 'hot' },
    ...{ status: 'active', policyId: null, isWatchOnly: false, tags: [] },
  };
  return message('wallet.updated', { tenantId, subject: walletId, version, data: { wallet } });
}

function userRegistered() {
  const data = { user: { id: userId, roles: ['operator'], status: 'active' } };
  const actor = { type: 'user' as const, id: userId };
  return message('user.registered', { tenantId, subject: userId, version: 1, data, actor });
}

function keyCreated() {
  const data = { apiKey: { id: keyId, userId, name: 'bot', permissions: null, expiresAt: null } };
  const actor = { type: 'api_key' as const, id: keyId };
  return message('api_key.created', { tenantId, subject: keyId, version: 1, data, actor });
}

async function without(): Promise<number> {
  const [row] = await world.database.query(
    'SELECT count(*)::INT4 AS count FROM audit_entries WHERE sequence IS NOT NULL AND search_terms IS NULL',
  );
  return Number(row?.['count']);
}

async function list(query: string, tenant: TenantId = tenantId) {
  return reply.parse((await get(`/v1/audit/entries${query}`, tenant)).body);
}

async function get(path: string, tenant: TenantId = tenantId): Promise<{ status: number; body: unknown }> {
  const authorization = await world.authorize(personOf(tenant, 'audit:read'));
  const response = await fetch(new URL(path, audit.url), { headers: { authorization } });
  return { status: response.status, body: await response.json() };
}
