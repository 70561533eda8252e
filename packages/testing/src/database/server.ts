import { Client } from 'pg';

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
