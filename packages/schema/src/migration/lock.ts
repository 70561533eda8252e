import { AppError } from '@ironforge/kernel';
import { type Client, DatabaseError } from 'pg';
import { inTransaction, withConnection } from './connection.ts';

/** How long to wait for another one that migrates. */
const WAIT_MS = 60_000;

/**
 * Runs `work` while this connection alone holds the lock row of the database. The lock ends with the connection, so a
 * crash leaves nothing behind. Throws `migration_locked` when somebody else holds it for a minute.
 */
export async function withLockRow<T>(url: string, work: () => Promise<T>): Promise<T> {
  return withConnection(url, async (client) => {
    await prepareLock(client);
    return inTransaction(client, async () => {
      await client.query('SELECT id FROM schema_lock WHERE id = 1 FOR UPDATE').catch(explain);
      return work();
    });
  });
}

async function prepareLock(client: Client): Promise<void> {
  await client.query(`SET lock_timeout = ${WAIT_MS}`);
  await client.query('SET idle_in_transaction_session_timeout = 0');
  await client
    .query('CREATE TABLE IF NOT EXISTS schema_lock (id INT4 PRIMARY KEY)')
    .catch(madeBySomebodyElse);
  await client.query('INSERT INTO schema_lock (id) VALUES (1) ON CONFLICT DO NOTHING');
}

/** unique_violation, duplicate_table, duplicate_object: which one depends on how far the other has come. */
const MADE_MEANWHILE = new Set(['23505', '42P07', '42710']);

/** Two at once: PostgreSQL's IF NOT EXISTS may still meet the other one's row in its catalog. */
function madeBySomebodyElse(error: unknown): void {
  if (!(error instanceof DatabaseError && MADE_MEANWHILE.has(error.code ?? ''))) throw error;
}

function explain(error: unknown): never {
  if (!(error instanceof DatabaseError && error.code === '55P03')) throw error;
  throw new AppError('migration_locked', {
    retry: 'later',
    detail: 'another migration is running',
    cause: error,
  });
}
