import { randomUUID } from 'node:crypto';
import type { TenantId } from '@ironforge/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordInbox } from './inbox.ts';
import { createStoreFixture, newTenant, type StoreFixture } from './store.fixture.ts';
import type { Tx } from './transaction.ts';

let fixture: StoreFixture;
const [mine, theirs] = [newTenant(), newTenant()];
beforeAll(async () => {
  fixture = await createStoreFixture();
  for (const tenantId of [mine, theirs]) {
    await fixture.store.forTenant(tenantId).transaction((tx) => insertCount(tx, tenantId));
  }
});
afterAll(() => fixture[Symbol.asyncDispose]());

const insertCount = (tx: Tx, tenantId: TenantId) =>
  tx('wallet_counts').insert({ tenant_id: tenantId, wallets: 1 });
const asMe = <T>(work: (tx: Tx) => Promise<T>) => fixture.store.forTenant(mine).transaction(work);

describe('row-level security alone, with queries that forget the tenant', () => {
  test('shows only own rows', async () => {
    expect(await asMe((tx) => tx('wallet_counts').select('tenant_id'))).toEqual([{ tenant_id: mine }]);
  });

  test('changes only own rows', async () => {
    expect(await asMe((tx) => tx('wallet_counts').update({ wallets: 2 }))).toBe(1);
    expect(await walletsOf(theirs)).toBe(1);
  });

  test('refuses a row for somebody else', async () => {
    await expect(asMe((tx) => insertCount(tx, newTenant()))).rejects.toMatchObject({ code: '42501' });
    const giveAway = asMe((tx) => tx('wallet_counts').update({ tenant_id: newTenant() }));
    await expect(giveAway).rejects.toMatchObject({ code: '42501' });
  });

  test('shows nothing when no tenant is set, also on a connection that had one before', async () => {
    const store = fixture.open({ pool: { min: 1, max: 1 } });
    await store.forTenant(mine).transaction((tx) => tx('wallet_counts').select());
    const seen = await store.system('health').transaction(async (tx) => {
      await tx.raw('SET LOCAL ROLE ironforge_app');
      return tx('wallet_counts').select();
    });
    expect(seen).toEqual([]);
  });

  test('the login role reaches no table before it takes a role', async () => {
    const { Client } = (await import('pg')).default;
    const client = new Client({ connectionString: fixture.database.url });
    await client.connect();
    await expect(client.query('SELECT * FROM wallet_counts')).rejects.toMatchObject({ code: '42501' });
    await client.end();
  });
});

describe('the tenant in each query alone, with row-level security switched off', () => {
  beforeAll(async () => {
    for (const table of ['wallet_counts', 'inbox']) {
      await fixture.database.query(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
    }
  });
  afterAll(async () => {
    for (const table of ['wallet_counts', 'inbox']) {
      await fixture.database.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
    }
  });

  test('the wall is really off', async () => {
    expect(await asMe((tx) => tx('wallet_counts').select())).toHaveLength(2);
  });

  test('the row that the inbox writes names the tenant', async () => {
    const messageId = randomUUID();
    await asMe((tx) => recordInbox(tx, { tenantId: mine, consumer: 'c', messageId }));
    expect(
      await fixture.database.query('SELECT tenant_id FROM inbox WHERE message_id = $1', [messageId]),
    ).toEqual([{ tenant_id: mine }]);
  });
});

test('the system scope sees all tenants', async () => {
  const rows = await fixture.store.system('health').transaction((tx) => tx('wallet_counts').select());
  expect(rows).toHaveLength(2);
});

async function walletsOf(tenantId: TenantId): Promise<unknown> {
  const rows = await fixture.database.query('SELECT wallets FROM wallet_counts WHERE tenant_id = $1', [
    tenantId,
  ]);
  return rows[0]?.['wallets'];
}
