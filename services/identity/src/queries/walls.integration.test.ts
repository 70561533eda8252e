import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { createStore, type Store, type Tx } from '@ironforge/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMAIL, PASSWORD, startTestIdentity, type TestIdentity } from '../identity.fixture.ts';
import { listApiKeys, revokeApiKey, revokeApiKeys } from './api-keys.ts';
import { endFamilies, findSessionAccess } from './refresh-families.ts';
import { deleteRoles } from './user-roles.ts';
import { findActiveHolders, findUser, findUsers, listUsers, updateUser } from './users.ts';

interface Own {
  readonly tenantId: TenantId;
  readonly userId: string;
}

let identity: TestIdentity;
let store: Store;
let mine: Own;
let theirs: Own & { readonly keyId: string; readonly sessionId: string };
beforeAll(async () => {
  identity = await startTestIdentity();
  store = createStore({ url: identity.database.url, log: identity.log, pool: { min: 0, max: 2 } });
  const me = (await identity.ask(ROUTES.getMe, {}, await identity.signIn(EMAIL.admin))).body;
  mine = { tenantId: branded<TenantId>(me.tenantId), userId: me.id };
  theirs = await makeForeignTenant();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await identity[Symbol.asyncDispose]();
});

async function makeForeignTenant() {
  const root = await identity.signIn(EMAIL.superAdmin);
  const email = `${randomUUID()}@forge.test`;
  const body = {
    name: 'Theirs',
    plan: 'free' as const,
    admin: { email, password: PASSWORD, displayName: 'They' },
  };
  const tenant = (await identity.ask(ROUTES.createTenant, { body }, root)).body;
  const pair = await identity.signIn(email);
  const key = (await identity.ask(ROUTES.createApiKey, { body: { name: 'theirs' } }, pair)).body;
  const sql = 'SELECT id FROM refresh_families WHERE tenant_id = $1';
  const [session] = await identity.database.query(sql, [tenant.id]);
  const tenantId = branded<TenantId>(tenant.id);
  return { tenantId, userId: tenant.adminUserId, keyId: key.id, sessionId: String(session?.['id']) };
}

async function theirState(): Promise<string> {
  const tables = ['users', 'user_roles', 'api_keys', 'refresh_families'];
  const rows = await Promise.all(
    tables.map(
      async (table) =>
        await identity.database.query(`SELECT * FROM ${table} WHERE tenant_id = $1`, [theirs.tenantId]),
    ),
  );
  return JSON.stringify(rows);
}

describe('the filter of each query, without row-level security', () => {
  const inSystem = async <T>(work: (tx: Tx) => Promise<T>) =>
    await store.system('bootstrap').transaction(work);

  it('shows nothing of another tenant', async () => {
    const { tenantId } = mine;
    const filter = { after: null, count: 200 };
    const place = { tenant_id: tenantId, user_id: theirs.userId };
    expect(await inSystem(async (tx) => await findUser(tx, tenantId, theirs.userId))).toBeUndefined();
    expect(await inSystem(async (tx) => await findUsers(tx, tenantId, [theirs.userId]))).toEqual([]);
    expect(await inSystem(async (tx) => await listApiKeys(tx, place, filter))).toEqual([]);
    const lists = [
      await inSystem(async (tx) => await listUsers(tx, tenantId, filter)),
      await inSystem(async (tx) => await listUsers(tx, tenantId, { ...filter, role: 'admin' })),
      await inSystem(async (tx) => await findActiveHolders(tx, tenantId, ['admin'])),
    ];
    for (const users of lists)
      expect(new Set(users.map((user) => user.tenant_id))).toEqual(new Set([tenantId]));
    const session = { tenantId, userId: theirs.userId, sessionId: theirs.sessionId };
    expect(await inSystem(async (tx) => await findSessionAccess(tx, session))).toBeUndefined();
  });

  it('changes nothing of another tenant', async () => {
    const before = await theirState();
    const now = new Date();
    const place = { tenant_id: mine.tenantId, user_id: theirs.userId };
    await inSystem(async (tx) => {
      await updateUser(
        tx,
        { tenant_id: mine.tenantId, id: theirs.userId },
        { status: 'suspended', updated_at: now },
      );
      await deleteRoles(tx, place);
      await revokeApiKey(tx, { ...place, id: theirs.keyId }, now);
      await revokeApiKeys(tx, place, now);
      await endFamilies(tx, place, { reason: 'logout', now });
    });
    expect(await theirState()).toBe(before);
  });
});

describe('row-level security, without the filter', () => {
  const inMine = async <T>(work: (tx: Tx) => Promise<T>) =>
    await store.forTenant(mine.tenantId).transaction(work);

  it.each(['users', 'user_roles', 'api_keys', 'refresh_families'])(
    'shows of %s only what is ours',
    async (table) => {
      const rows = await inMine(async (tx) => await tx<{ tenant_id: string }>(table).select('tenant_id'));
      expect(rows.filter((row) => row.tenant_id !== mine.tenantId)).toEqual([]);
    },
  );

  it('changes nothing of another tenant, and puts nothing there', async () => {
    const before = await theirState();
    await inMine(async (tx) => {
      await tx('users').update({ status: 'suspended' }).where({ id: theirs.userId });
      await tx('user_roles').delete().where({ user_id: theirs.userId });
      await tx('api_keys').update({ name: 'taken over' });
      await tx('refresh_families').update({ current_token_hash: 'x' }).where({ id: theirs.sessionId });
    });
    expect(await theirState()).toBe(before);
    const role = { tenant_id: theirs.tenantId, user_id: theirs.userId, role: 'user' };
    await expect(inMine(async (tx) => await tx('user_roles').insert(role))).rejects.toThrow(
      /row-level security/,
    );
  });

  it('hides other tenants themselves', async () => {
    const rows = await inMine(async (tx) => await tx<{ id: string }>('tenants').select('id'));
    expect(rows).toEqual([{ id: mine.tenantId }]);
  });

  it('keeps the counters of failed sign-ins from everybody but the sign-in', async () => {
    await expect(inMine(async (tx) => void (await tx('sign_in_throttles').first()))).rejects.toThrow(
      /permission denied/,
    );
  });
});
