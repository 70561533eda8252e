import { AppError } from '@ironforge/kernel';
import type { Client } from 'pg';
import { type Progress, readProgress } from './bookkeeping.ts';
import { withConnection } from './connection.ts';
import { detectDialect } from './dialect.ts';
import { type Migration, MIGRATIONS_FOLDER, readMigrations } from './files.ts';
import type { MigrationOptions } from './options.ts';

/** applied; pending; partly (broken off); changed (the file is not what was applied); unknown (no file for it). */
export type MigrationState = 'applied' | 'pending' | 'partly' | 'changed' | 'unknown';

/** One migration, by its files or by what the database remembers. */
export interface MigrationStatus {
  readonly version: number;
  readonly name: string;
  readonly state: MigrationState;
}

/** Compares a database with the files, in order of version. Needs no right but to connect. */
export async function migrationStatus(
  url: string,
  options: MigrationOptions = {},
): Promise<MigrationStatus[]> {
  return withConnection(url, (client) => readStatus(client, options.folder ?? MIGRATIONS_FOLDER));
}

/** Throws `schema_mismatch` unless the database is exactly at the version of the files: a service starts on no other. */
export async function assertMigrated(url: string, options: MigrationOptions = {}): Promise<void> {
  const off = (await migrationStatus(url, options)).filter(({ state }) => state !== 'applied');
  if (off.length === 0) return;
  const list = off.map(({ name, state }) => `${name} is ${state}`).join(', ');
  throw new AppError('schema_mismatch', { detail: `run "ironforge migrate up": ${list}` });
}

async function readStatus(client: Client, folder: string): Promise<MigrationStatus[]> {
  const migrations = await readMigrations(folder, await detectDialect(client));
  const progress = await readProgress(client);
  const known = migrations.map((migration) => ({
    version: migration.version,
    name: migration.name,
    state: stateOf(migration, progress),
  }));
  const strangers = progress.filter(
    ({ version }) => !migrations.some((migration) => migration.version === version),
  );
  return [
    ...known,
    ...strangers.map(({ version, name }) => ({ version, name, state: 'unknown' as const })),
  ].toSorted((a, b) => a.version - b.version);
}

function stateOf(migration: Migration, progress: readonly Progress[]): MigrationState {
  const row = progress.find(({ version }) => version === migration.version);
  if (row === undefined) return 'pending';
  if (!row.finished || row.direction === 'down') return 'partly';
  return row.checksum === migration.checksum && row.name === migration.name ? 'applied' : 'changed';
}
