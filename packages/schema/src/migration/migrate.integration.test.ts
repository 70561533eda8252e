import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmptyDatabase, type TestDatabase, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction, withConnection } from './connection.ts';
import { withLockRow } from './lock.ts';
import { migrateDown } from './migrate-down.ts';
import { migrateUp } from './migrate-up.ts';
import { assertMigrated, migrationStatus } from './status.ts';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await createEmptyDatabase();
  folder = await mkdtemp(join(tmpdir(), 'ironforge-migrations-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await database[Symbol.asyncDispose]();
});

const write = (name: string, sql: string) => writeFile(join(folder, name), sql);
const up = () => migrateUp(database.ownerUrl, { folder });
const down = (count?: number) =>
  migrateDown(database.ownerUrl, { folder, ...(count === undefined ? {} : { count }) });
const states = async () =>
  (await migrationStatus(database.ownerUrl, { folder })).map(({ name, state }) => `${name} ${state}`);

async function tables(): Promise<unknown[]> {
  const rows = await database.query(
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_name NOT LIKE 'schema_%' ORDER BY table_name`,
  );
  return rows.map((row) => row['table_name']);
}

async function writeTwo(): Promise<void> {
  await write('0001_create_a.up.sql', 'CREATE TABLE a (id INT4); CREATE TABLE aa (id INT4);');
  await write('0001_create_a.down.sql', 'DROP TABLE IF EXISTS aa; DROP TABLE IF EXISTS a;');
  await write('0002_create_b.up.sql', 'CREATE TABLE b (id INT4);');
  await write('0002_create_b.down.sql', 'DROP TABLE IF EXISTS b;');
}

describe('up and down', () => {
  test('migrations run in order, once', async () => {
    await writeTwo();
    expect(await up()).toEqual(['0001_create_a', '0002_create_b']);
    expect(await up()).toEqual([]);
    expect(await tables()).toEqual(['a', 'aa', 'b']);
  });

  test('down undoes the newest, or as many as asked', async () => {
    await writeTwo();
    await up();
    expect(await down()).toEqual(['0002_create_b']);
    expect(await tables()).toEqual(['a', 'aa']);
    await up();
    expect(await down(9)).toEqual(['0002_create_b', '0001_create_a']);
    expect(await tables()).toEqual([]);
    expect(await up()).toHaveLength(2);
  });

  test('a later file is applied alone', async () => {
    await writeTwo();
    await up();
    await write('0003_create_c.up.sql', 'CREATE TABLE c (id INT4);');
    await write('0003_create_c.down.sql', 'DROP TABLE IF EXISTS c;');
    expect(await up()).toEqual(['0003_create_c']);
  });

  test('the variant named after the engine wins, the other one is left alone', async () => {
    await write('0001_create_a.postgres.up.sql', 'CREATE TABLE here (id INT4);');
    await write('0001_create_a.cockroach.up.sql', 'CREATE TABLE there (id INT4);');
    await write('0001_create_a.down.sql', 'DROP TABLE IF EXISTS here;');
    expect(await up()).toEqual(['0001_create_a']);
    expect(await tables()).toEqual(['here']);
  });

  test('five runs at once apply each migration once', async () => {
    await writeTwo();
    const applied = await Promise.all(Array.from({ length: 5 }, up));
    expect(applied.flat()).toHaveLength(2);
  });

  test('while somebody holds the lock row, nothing moves', async () => {
    await writeTwo();
    let migrating: Promise<string[]> | undefined;
    await withLockRow(database.ownerUrl, async () => {
      migrating = up();
      await waitUntil('the run to wait', async () => (await runsThatWait()).length === 1);
      expect(await tables()).toEqual([]);
    });
    expect(await migrating).toHaveLength(2);
  });
});

describe('a run that breaks off', () => {
  test('goes on with the statement that failed', async () => {
    await write(
      '0001_create_a.up.sql',
      'CREATE TABLE a (id INT4); CREATE TABLE taken (id INT4); CREATE TABLE c (id INT4);',
    );
    await write(
      '0001_create_a.down.sql',
      'DROP TABLE IF EXISTS c; DROP TABLE IF EXISTS taken; DROP TABLE IF EXISTS a;',
    );
    await database.query('CREATE TABLE taken (other INT4)');
    await expect(up()).rejects.toMatchObject({ code: '42P07' });
    expect(await states()).toEqual(['0001_create_a partly']);
    await database.query('DROP TABLE taken');
    expect(await up()).toEqual(['0001_create_a']);
    expect(await tables()).toEqual(['a', 'c', 'taken']);
  });

  test('on the way down it is finished by going down again', async () => {
    await write('0001_create_a.up.sql', 'CREATE TABLE a (id INT4); CREATE TABLE aa (id INT4);');
    await write('0001_create_a.down.sql', 'DROP TABLE aa; DROP TABLE a;');
    await up();
    await database.query('CREATE VIEW on_a AS SELECT id FROM a');
    await expect(down()).rejects.toMatchObject({ code: '2BP01' });
    await expect(up()).rejects.toMatchObject({ code: 'migration_half_down' });
    await database.query('DROP VIEW on_a');
    expect(await down()).toEqual(['0001_create_a']);
    expect(await tables()).toEqual([]);
  });
});

describe('a run that loses its lock', () => {
  test('and meets the run that took over: each statement counts once, and the process goes on', async () => {
    await write('0001_count.up.sql', 'CREATE TABLE counted (n INT4); INSERT INTO counted VALUES (1);');
    await write('0001_count.down.sql', 'DROP TABLE IF EXISTS counted;');
    await up();
    await write('0002_count.up.sql', 'UPDATE counted SET n = n; UPDATE counted SET n = n + 1;');
    await write('0002_count.down.sql', 'UPDATE counted SET n = n - 1;');
    const runs = await whileRowIsHeld(async () => {
      const first = up();
      await waitUntil('the first to be held up', async () => (await runsThatWait()).length === 1);
      await endLockHolders();
      const second = up();
      await waitUntil('both to be held up', async () => (await runsThatWait()).length === 2);
      return [first, second];
    });
    expect(runs.map(({ status }) => status)).toContain('rejected');
    await up();
    expect(await database.query('SELECT n FROM counted')).toEqual([{ n: 2 }]);
  });

  /** Holds the row that the next migration changes until `work` has brought its runs there; gives how they ended. */
  async function whileRowIsHeld(
    work: () => Promise<Promise<unknown>[]>,
  ): Promise<PromiseSettledResult<unknown>[]> {
    const runs = await withConnection(database.ownerUrl, (client) =>
      inTransaction(client, async () => {
        await client.query('SELECT n FROM counted FOR UPDATE');
        return { ends: Promise.allSettled(await work()) };
      }),
    );
    return runs.ends;
  }

  /** What is idle in a transaction of a migration holds the lock row, or is the test that holds the other one. */
  async function endLockHolders(): Promise<void> {
    const holders = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%schema_lock%'`;
    expect(await database.query(holders)).toHaveLength(1);
  }
});

/** The backends of runs that wait for a lock. */
function runsThatWait() {
  return database.query(`SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'ironforge-migrate' AND wait_event_type = 'Lock'`);
}

describe('what does not fit', () => {
  test('a file that changed after it was applied is refused', async () => {
    await writeTwo();
    await up();
    await write('0001_create_a.up.sql', 'CREATE TABLE a (id INT8);');
    await expect(up()).rejects.toMatchObject({ code: 'migration_changed' });
    expect(await states()).toEqual(['0001_create_a changed', '0002_create_b applied']);
  });

  test.each([
    ['a stray name', '1_create.up.sql'],
    ['a missing half', '0003_create_c.up.sql'],
    ['a number used twice', '0001_create_z.up.sql'],
  ])('%s is refused', async (_what, file) => {
    await writeTwo();
    await write(file, 'SELECT 1;');
    await expect(up()).rejects.toMatchObject({ code: 'invalid_migrations' });
  });

  test('a service starts on the version of its files and on no other', async () => {
    await writeTwo();
    const check = () => assertMigrated(database.url, { folder });
    await expect(check()).rejects.toMatchObject({ code: 'schema_mismatch' });
    await up();
    await check();
    await down();
    await expect(check()).rejects.toThrow('0002_create_b is pending');
    await up();
    await rm(join(folder, '0002_create_b.up.sql'));
    await rm(join(folder, '0002_create_b.down.sql'));
    await expect(check()).rejects.toThrow('0002_create_b is unknown');
  });
});
