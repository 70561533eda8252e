import { Client, Pool } from 'pg';

/** A row as pg reads it. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs one statement on a connection of its own and gives its rows. */
export async function execute(url: string, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Statements that share a few connections, each on one of them. */
export interface Connections extends AsyncDisposable {
  query(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** For a test that looks again and again: to connect costs more of a processor than most statements. */
export function keepConnections(url: string): Connections {
  const pool = new Pool({ connectionString: url, max: 10 });
  // An idle one that a test, or the end of the server, took away: the next statement opens another.
  pool.on('error', () => undefined);
  return {
    query: async (sql, values = []) => (await pool.query<Row>(sql, [...values])).rows,
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/** The same server and login, another database. */
export function urlOfDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** The same database for another login: its password is DATABASE_SERVICE_PASSWORD, or the same where that is not set. */
export function urlOfService(url: string, login: string): string {
  const changed = new URL(url);
  changed.username = login;
  changed.password = process.env['DATABASE_SERVICE_PASSWORD'] ?? changed.password;
  return changed.href;
}
