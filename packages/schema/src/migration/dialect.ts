import type { Client } from 'pg';

/** The engines whose migrations may differ. */
export type Dialect = 'postgres' | 'cockroach';

/** Asks the server what it is. */
export async function detectDialect(client: Client): Promise<Dialect> {
  const { rows } = await client.query<{ version: string }>('SELECT version()');
  return rows[0]?.version.startsWith('CockroachDB') === true ? 'cockroach' : 'postgres';
}
