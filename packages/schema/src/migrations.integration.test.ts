import { randomUUID } from 'node:crypto';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaDrift } from './drift.ts';
import { schemaFingerprint } from './fingerprint.ts';
import * as schema from './index.ts';

const { migrateDown, migrateUp } = schema;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function namesOf(sql: string): Promise<unknown[]> {
  return (await database.query(sql)).map((row) => row['name']);
}

const TENANT_TABLES = `SELECT table_name AS name FROM information_schema.columns
  WHERE table_schema = 'public' AND column_name = 'tenant_id'`;

describe('the migrations', () => {
  test('up, down, up leaves the same schema, and down leaves nothing', async () => {
    await using fresh = await createEmptyDatabase();
    await migrateUp(fresh.ownerUrl);
    const first = await schemaFingerprint(fresh.ownerUrl);
    await migrateDown(fresh.ownerUrl, { count: Number.POSITIVE_INFINITY });
    expect((await schemaFingerprint(fresh.ownerUrl)).lines).toEqual([]);
    await migrateUp(fresh.ownerUrl);
    expect((await schemaFingerprint(fresh.ownerUrl)).lines).toEqual(first.lines);
    expect(first.lines.length).toBeGreaterThan(300);
  });

  test('each of them runs over a database that holds rows', async () => {
    await using fresh = await createEmptyDatabase();
    await migrateUp(fresh.ownerUrl);
    await insertRows(fresh);
    const undone = await migrateDown(fresh.ownerUrl, { count: 3 });
    expect(await migrateUp(fresh.ownerUrl)).toEqual(undone.toReversed());
    const kept = await fresh.query('SELECT count(*)::INT4 AS rows FROM token_balances');
    expect(kept).toEqual([{ rows: 1 }]);
  });

  test('drift is found and named', async () => {
    await using fresh = await createTestDatabase();
    expect(await schemaDrift(fresh.ownerUrl)).toEqual({ missing: [], unexpected: [] });
    await fresh.query('DROP INDEX wallets_newest');
    await fresh.query('ALTER TABLE assets NO FORCE ROW LEVEL SECURITY');
    const drift = await schemaDrift(fresh.ownerUrl);
    expect(drift.missing.join('\n')).toContain('wallets_newest');
    expect(drift.missing).toContain('security assets t t');
    expect(drift.unexpected).toEqual(['security assets t f']);
  });
});

describe('the tenant wall', () => {
  test('every table with a tenant has row-level security, forced also on its owner', async () => {
    const open = await namesOf(`SELECT relname AS name FROM pg_class WHERE relname IN (${TENANT_TABLES})
      AND relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity)`);
    expect(open).toEqual([]);
    expect((await namesOf(TENANT_TABLES)).length).toBeGreaterThan(20);
  });

  test('its policy compares the tenant, when reading and when writing, in the role of services', async () => {
    const expression =
      "(tenant_id = (NULLIF(current_setting('ironforge.tenant'::text, true), ''::text))::uuid)";
    const walled = await namesOf(`SELECT tablename AS name FROM pg_policies WHERE roles = '{ironforge_app}'
      AND permissive = 'PERMISSIVE' AND cmd = 'ALL' AND qual = with_check AND qual = $$${expression}$$`);
    expect(new Set(walled)).toEqual(new Set(await namesOf(TENANT_TABLES)));
  });

  test('no other policy lets the role of services through', async () => {
    const policies = await namesOf(`SELECT tablename || '.' || policyname AS name FROM pg_policies
      WHERE NOT roles = '{ironforge_system}' AND policyname <> 'tenant_isolation'`);
    expect(policies).toEqual([]);
  });

  test('the tenant is never null', async () => {
    expect(await namesOf(`${TENANT_TABLES} AND is_nullable = 'YES'`)).toEqual([]);
  });

  test('the roles of services pass no wall by themselves', async () => {
    const strong = await namesOf(`SELECT rolname AS name FROM pg_roles
      WHERE rolname IN ('ironforge_app', 'ironforge_service') AND (rolsuper OR rolbypassrls OR rolinherit AND rolcanlogin)`);
    expect(strong).toEqual([]);
  });

  test('what has no tenant is open to the system role alone, but for the height of chains', async () => {
    const readable =
      await namesOf(`SELECT DISTINCT table_name AS name FROM information_schema.role_table_grants
      WHERE grantee = 'ironforge_app' AND table_name NOT IN (${TENANT_TABLES}) AND table_name <> 'tenants'`);
    expect(readable).toEqual(['chain_cursors']);
  });
});

describe('the table files', () => {
  const exported: readonly unknown[] = Object.values(schema);
  const tables = exported.filter(isTable);

  test('there is one for each table', async () => {
    const live = await namesOf(`SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_name NOT IN ('schema_migrations', 'schema_lock')`);
    expect(new Set(tables.map(({ name }) => name))).toEqual(new Set(live));
  });

  test.each(tables)('$name has the columns that it says', async (table) => {
    const rows = await database.query(
      `SELECT column_name, udt_name, is_nullable FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = $1`,
      [table.name],
    );
    expect(Object.fromEntries(rows.map((row) => [row['column_name'], typeOf(row)]))).toEqual(table.columns);
  });

  test('no column has a type or a default that the two engines see differently', async () => {
    const odd = await namesOf(`SELECT table_name || '.' || column_name AS name FROM information_schema.columns
      WHERE table_schema = 'public' AND (column_default LIKE 'nextval%' OR data_type IN ('timestamp without time zone', 'money'))`);
    expect(odd).toEqual([]);
  });

  test('no foreign key deletes by cascade', async () => {
    expect(
      await namesOf(`SELECT conname AS name FROM pg_constraint WHERE confdeltype IN ('c', 'n', 'd')`),
    ).toEqual([]);
  });
});

function isTable(value: unknown): value is schema.Table<Record<string, schema.ColumnType>> {
  return typeof value === 'object' && value !== null && 'columns' in value;
}

function typeOf(row: Readonly<Record<string, unknown>>): string {
  const names: Readonly<Record<string, string>> = { bool: 'boolean', _text: 'text[]', _uuid: 'uuid[]' };
  const name = String(row['udt_name']);
  return `${names[name] ?? name}${row['is_nullable'] === 'YES' ? '?' : ''}`;
}

async function insertRows(fresh: TestDatabase): Promise<void> {
  const [tenantId, walletId] = [randomUUID(), randomUUID()];
  await fresh.query(
    `INSERT INTO wallets (id, tenant_id, user_id, chain, chain_id, address, name, type, status, is_watch_only,
       is_default, tags, metadata, version)
     VALUES ($1, $2, $2, 'evm', 'eip155:1', '0x1', 'w', 'hot', 'active', false, false, '{}', '{}', 1)`,
    [walletId, tenantId],
  );
  await fresh.query(
    `INSERT INTO token_balances (tenant_id, wallet_id, asset_id, amount, pending, block_height, block_hash, version, as_of)
     VALUES ($1, $2, 'eip155:1/slip44:60', 1, 0, 1, '0x1', 1, now())`,
    [tenantId, walletId],
  );
  await fresh.query(`INSERT INTO audit_sequencers (tenant_id, last_sequence, fence) VALUES ($1, 0, 0)`, [
    tenantId,
  ]);
}
