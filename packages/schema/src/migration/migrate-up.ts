import { AppError } from '@ironforge/kernel';
import type { Client } from 'pg';
import { type Progress, prepareBookkeeping, readProgress } from './bookkeeping.ts';
import { withConnection } from './connection.ts';
import { detectDialect } from './dialect.ts';
import { type Migration, MIGRATIONS_FOLDER, readMigrations } from './files.ts';
import { withLockRow } from './lock.ts';
import type { MigrationOptions } from './options.ts';
import { runSteps } from './run-steps.ts';

/**
 * Brings a database to the newest version and gives the names of what it applied. `url` is the owner's. A run that
 * was broken off is resumed at its next statement. Throws `migration_changed` when a file is not what was applied.
 */
export async function migrateUp(url: string, options: MigrationOptions = {}): Promise<string[]> {
  return withLockRow(url, () => withConnection(url, (client) => applyAll(client, options)));
}

async function applyAll(client: Client, options: MigrationOptions): Promise<string[]> {
  await prepareBookkeeping(client);
  const migrations = await readMigrations(options.folder ?? MIGRATIONS_FOLDER, await detectDialect(client));
  const progress = await readProgress(client);
  const applied: string[] = [];
  for (const migration of migrations) {
    const row = progress.find(({ version }) => version === migration.version);
    if (row !== undefined) checkResumable(row, migration);
    if (row?.finished === true) continue;
    options.onMigration?.(migration.name);
    await runSteps(client, migration, { direction: 'up', stepsDone: row?.stepsDone ?? 0 });
    applied.push(migration.name);
  }
  return applied;
}

function checkResumable(row: Progress, migration: Migration): void {
  if (row.direction === 'down') {
    throw new AppError('migration_half_down', {
      detail: `${row.name} is half undone: finish migrating down first`,
    });
  }
  if (row.checksum !== migration.checksum || row.name !== migration.name) {
    throw new AppError('migration_changed', {
      detail: `${row.name} was applied from another file: take the version of IronForge that made this database, or start with an empty one`,
    });
  }
}
