import { migrateUp } from '@ironforge/schema';
import pg from 'pg';
import { z } from 'zod';
import { trouble } from '../trouble.ts';

/** The login role of the services; it owns nothing and inherits nothing. */
const SERVICE_ROLE = 'ironforge_service';

/** Makes the database if it is missing, migrates it, sets the services' password; gives the address services use. */
export async function prepareDatabase(
  ownerUrl: string,
  password: string,
  say: (line: string) => void,
): Promise<string> {
  await makeDatabase(ownerUrl);
  const applied = await migrateUp(ownerUrl, {
    onMigration: (name) => say(`Migrating the database: ${name}`),
  });
  if (applied.length > 0) say(`${applied.length} migrations applied`);
  await withClient(ownerUrl, (client) =>
    execute(client, `ALTER ROLE ${SERVICE_ROLE} LOGIN PASSWORD %L`, password),
  );
  const url = new URL(ownerUrl);
  url.username = SERVICE_ROLE;
  url.password = password;
  return url.href;
}

/** What the server says about itself, shortened to its name and version. */
export async function databaseVersion(url: string): Promise<string> {
  const { rows } = await withClient(url, (client) => client.query('SELECT version()'));
  const text = z.object({ version: z.string() }).parse(rows[0]).version;
  return /^(PostgreSQL|CockroachDB)\D*\d[\d.]*/.exec(text)?.[0] ?? text;
}

/** How far the database's clock is ahead of ours, in milliseconds, the way there and back counted half. */
export async function databaseClockSkewMs(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const askedAt = Date.now();
    const { rows } = await client.query('SELECT clock_timestamp() AS now');
    const { now } = z.object({ now: z.date() }).parse(rows[0]);
    return Math.round(now.getTime() - (askedAt + Date.now()) / 2);
  });
}

async function makeDatabase(ownerUrl: string): Promise<void> {
  const url = new URL(ownerUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  await withClient(url.href, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await execute(client, 'CREATE DATABASE %I', name);
  });
}

// Statements that take no parameters: the server itself quotes the value.
async function execute(client: pg.Client, statement: string, value: string): Promise<void> {
  const { rows } = await client.query('SELECT format($1, $2::text) AS quoted', [statement, value]);
  await client.query(z.object({ quoted: z.string() }).parse(rows[0]).quoted);
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect().catch((error: unknown) => refuse(url, error));
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function refuse(url: string, error: unknown): never {
  const { host, pathname } = new URL(url);
  const words = error instanceof Error ? error.message : String(error);
  throw trouble(
    'start_failed',
    `The database ${host}${pathname} does not let us in: ${words}; see DATABASE_URL`,
    error,
  );
}
