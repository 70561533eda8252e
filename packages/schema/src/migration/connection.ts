import { Client } from 'pg';

/** Runs `work` on a connection of its own, which is closed afterwards. */
export async function withConnection<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: 'ironforge-migrate',
    connectionTimeoutMillis: 10_000,
  });
  // A lost connection is told to whoever asks it next; unheard, it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs `work` between BEGIN and COMMIT; ROLLBACK when it throws. */
export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const value = await work();
    await client.query('COMMIT');
    return value;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // a connection that is gone rolled back by itself
    throw error;
  }
}
