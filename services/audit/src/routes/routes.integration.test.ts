import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { createStore } from '@ironforge/store';
import { createCollectingLogger } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Audit } from '../app.ts';
import {
  type AuditWorld,
  createAuditWorld,
  type EntryRow,
  loginFailed,
  newTenant,
  personOf,
  walletUpdated,
} from '../audit.fixture.ts';

const page = ROUTES.listAuditEntries.reply;
const tenantId = newTenant();
const other = newTenant();
const walletId = randomUUID();

let world: AuditWorld;
let audit: Audit;
let entries: EntryRow[];

beforeAll(async () => {
  world = await createAuditWorld();
  audit = await world.start();
  await world.publish([1, 2, 3, 4, 5].map((version) => walletUpdated(tenantId, walletId, version)));
  await world.publish([loginFailed(tenantId), walletUpdated(tenantId, randomUUID(), 2), loginFailed(other)]);
  await world.stored(tenantId, 7);
  entries = await world.numbered(tenantId, 6);
  await world.numbered(other, 1);
});

afterAll(() => world[Symbol.asyncDispose]());

describe('GET /v1/audit/entries', () => {
  it('lists what has a number, ascending, page by page', async () => {
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { data, nextCursor } = await list(`?limit=4${query}`);
      seen.push(...data.map(({ sequence }) => sequence));
      cursor = nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    ['type', '?type=login_failed', 1],
    ['resource', `?resourceType=wallet&resourceId=${walletId}`, 5],
    ['time', '?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z', 0],
    ['time until now', `?from=2020-01-01T00:00:00Z&type=wallet_updated`, 5],
    ['actor', `?actorId=${randomUUID()}`, 0],
    ['transaction', `?txHash=0x${'0'.repeat(64)}`, 0],
  ])('filters by %s', async (_what, query, count) => {
    expect((await list(query)).data).toHaveLength(count);
  });

  it('shows what the canonical text of the entry says', async () => {
    const { data } = await list('?limit=1');
    const said: unknown = JSON.parse(entries[0]?.canonical ?? '');
    expect(said).toEqual({ version: 1, tenantId, ...data[0] });
  });

  it('keeps address and browser of a person out of the canonical text', () => {
    expect(entries.map(({ canonical }) => canonical).join()).not.toMatch(/192\.0\.2\.7|a browser/);
  });

  it.each(['?cursor=nonsense', '?limit=0', '?from=yesterday', '?tenantId=x'])(
    'refuses %s with 422',
    async (query) => {
      expect((await get(`/v1/audit/entries${query}`)).status).toBe(422);
    },
  );
});

describe('GET /v1/audit/entries/{id}', () => {
  it('gives one entry', async () => {
    const answer = await get(`/v1/audit/entries/${entries[2]?.id}`);
    expect(answer.status).toBe(200);
    expect(ROUTES.getAuditEntry.reply.parse(answer.body)).toMatchObject({
      sequence: 3,
      eventId: entries[2]?.event_id,
    });
  });

  it.each(['not-an-id', randomUUID()])('answers 404 to %s', async (id) => {
    expect((await get(`/v1/audit/entries/${id}`)).status).toBe(404);
  });

  it('knows nothing of an entry that has no number yet', async () => {
    const waiting = (await world.entries(tenantId)).filter(({ sequence }) => sequence === null);
    expect(waiting).toHaveLength(1);
    expect((await get(`/v1/audit/entries/${waiting[0]?.id}`)).status).toBe(404);
  });
});

describe('the wall between tenants', () => {
  it('shows nobody the entries of another tenant', async () => {
    expect((await list('', other)).data).toHaveLength(1);
    expect((await get(`/v1/audit/entries/${entries[0]?.id}`, other)).status).toBe(404);
  });

  it('holds with row-level security switched off: the queries name the tenant', async () => {
    const walls = (state: string) =>
      world.database.query(`ALTER TABLE audit_entries ${state} ROW LEVEL SECURITY`);
    await walls('DISABLE');
    expect((await list('', other)).data).toHaveLength(1);
    expect((await get(`/v1/audit/entries/${entries[0]?.id}`, other)).status).toBe(404);
    await walls('ENABLE');
  });

  it('holds with the tenant left out of the query: row-level security knows it', async () => {
    await using store = createStore({ url: world.database.url, log: createCollectingLogger() });
    const all = await store.forTenant(other).transaction((tx) => tx('audit_entries').select('tenant_id'));
    expect(all).toEqual([{ tenant_id: other }]);
  });

  it('asks for the permission audit:read', async () => {
    const caller = personOf(tenantId, 'wallets:read');
    for (const path of ['/v1/audit/entries', `/v1/audit/entries/${entries[0]?.id}`]) {
      const headers = { authorization: await world.authorize(caller) };
      expect((await fetch(new URL(path, audit.url), { headers })).status).toBe(403);
      expect((await fetch(new URL(path, audit.url))).status).toBe(401);
    }
  });
});

async function list(query: string, tenant: TenantId = tenantId): Promise<z.output<typeof page>> {
  return page.parse((await get(`/v1/audit/entries${query}`, tenant)).body);
}

async function get(path: string, tenant: TenantId = tenantId): Promise<{ status: number; body: unknown }> {
  const authorization = await world.authorize(personOf(tenant, 'audit:read'));
  const response = await fetch(new URL(path, audit.url), { headers: { authorization } });
  return { status: response.status, body: await response.json() };
}
