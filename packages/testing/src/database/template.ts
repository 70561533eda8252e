import { hashMigrations, MIGRATIONS_FOLDER, migrateUp, withLockRow } from '@ironforge/schema';
import { escapeIdentifier } from 'pg';
import { execute, urlOfDatabase } from './server.ts';

/**
 * The name of a database that all migrations have run in, made once: its name holds the hash of the migrations, and
 * test processes that start together wait for one of them to make it.
 */
export async function ensureTemplate(serverUrl: string, folder = MIGRATIONS_FOLDER): Promise<string> {
  const name = `ironforge_template_${(await hashMigrations(folder)).slice(0, 16)}`;
  if (await databaseExists(serverUrl, name)) return name;
  await withLockRow(serverUrl, async () => {
    if (!(await databaseExists(serverUrl, name))) await makeTemplate(serverUrl, name, folder);
  });
  return name;
}

/** Migrates under another name first, so that a run that was broken off leaves no half template. */
async function makeTemplate(serverUrl: string, name: string, folder: string): Promise<void> {
  const draft = `${name}_draft`;
  await execute(serverUrl, `DROP DATABASE IF EXISTS ${escapeIdentifier(draft)}`);
  await execute(serverUrl, `CREATE DATABASE ${escapeIdentifier(draft)}`);
  await migrateUp(urlOfDatabase(serverUrl, draft), { folder });
  await execute(serverUrl, `ALTER DATABASE ${escapeIdentifier(draft)} RENAME TO ${escapeIdentifier(name)}`);
}

async function databaseExists(serverUrl: string, name: string): Promise<boolean> {
  const rows = await execute(serverUrl, 'SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  return rows.length > 0;
}
