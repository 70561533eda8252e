import { AppError } from '@ironforge/kernel';
import type { Client } from 'pg';
import type { Migration } from './files.ts';

export type Direction = 'up' | 'down';

/** How far one migration came. A migration that went down in full has no row. */
export interface Progress {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  readonly direction: Direction;
  readonly stepsDone: number;
  readonly finished: boolean;
}

/** Creates the table of progress; everybody may read it, so that services can check their version. */
export async function prepareBookkeeping(client: Client): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    version INT4 PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    direction VARCHAR(4) NOT NULL CHECK (direction IN ('up', 'down')),
    steps_done INT4 NOT NULL,
    finished BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
  )`);
  await client.query('GRANT SELECT ON schema_migrations TO PUBLIC');
}

/** All progress in order of version; none when the database was never migrated. */
export async function readProgress(client: Client): Promise<Progress[]> {
  const present = await client.query(
    `SELECT 1 FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'schema_migrations'`,
  );
  if (present.rowCount === 0) return [];
  const { rows } = await client.query<Progress>(
    `SELECT version, name, checksum, direction, steps_done AS "stepsDone", finished
     FROM schema_migrations ORDER BY version`,
  );
  return rows;
}

/**
 * Notes a step in the transaction that made it. Throws `migration_locked` when it is not the one after the last that was
 * noted: then another run took over, and the transaction must not stay.
 */
export async function recordStep(
  client: Client,
  migration: Migration,
  step: { readonly direction: Direction; readonly stepsDone: number },
): Promise<void> {
  const { version, name, checksum } = migration;
  const finished = step.stepsDone === migration[step.direction].length;
  const { rowCount } = await client.query(
    `INSERT INTO schema_migrations AS noted (version, name, checksum, direction, steps_done, finished)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (version) DO UPDATE SET checksum = $3, direction = $4, steps_done = $5, finished = $6, updated_at = now()
     WHERE (noted.direction = $4 AND noted.steps_done = $5 - 1) OR (noted.direction <> $4 AND $5 <= 1)`,
    [version, name, checksum, step.direction, step.stepsDone, finished],
  );
  if (rowCount !== 1)
    throw new AppError('migration_locked', { retry: 'later', detail: 'another migration took over' });
}

/** Forgets a migration that went down in full. */
export async function forget(client: Client, migration: Migration): Promise<void> {
  await client.query('DELETE FROM schema_migrations WHERE version = $1', [migration.version]);
}
