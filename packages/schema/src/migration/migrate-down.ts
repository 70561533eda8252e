import type { Client } from 'pg';
import { forget, type Progress, prepareBookkeeping, readProgress } from './bookkeeping.ts';
import { withConnection } from './connection.ts';
import { detectDialect } from './dialect.ts';
import { MIGRATIONS_FOLDER, type Migration, readMigrations } from './files.ts';
import { withLockRow } from './lock.ts';
import type { MigrationOptions } from './options.ts';
import { runSteps } from './run-steps.ts';

/** How far down. */
export interface DownOptions extends MigrationOptions {
  /** How many migrations to undo, newest first; 1 by default. */
  readonly count?: number;
}

/** Undoes the newest migrations and gives their names, newest first. `url` is the owner's. */
export async function migrateDown(url: string, options: DownOptions = {}): Promise<string[]> {
  return withLockRow(url, () => withConnection(url, (client) => undoSome(client, options)));
}

async function undoSome(client: Client, options: DownOptions): Promise<string[]> {
  await prepareBookkeeping(client);
  const migrations = await readMigrations(options.folder ?? MIGRATIONS_FOLDER, await detectDialect(client));
  const progress = await readProgress(client);
  const undone = migrations
    .filter(({ version }) => progress.some((row) => row.version === version))
    .toReversed()
    .slice(0, options.count ?? 1);
  for (const migration of undone) {
    options.onMigration?.(migration.name);
    await undoOne(client, migration, progress);
  }
  return undone.map(({ name }) => name);
}

async function undoOne(client: Client, migration: Migration, progress: readonly Progress[]): Promise<void> {
  const row = progress.find(({ version }) => version === migration.version);
  const stepsDone = row?.direction === 'down' ? row.stepsDone : 0;
  await runSteps(client, migration, { direction: 'down', stepsDone });
  await forget(client, migration);
}
