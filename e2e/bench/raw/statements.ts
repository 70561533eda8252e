import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { environment } from '../../world/environment.ts';
import { query } from '../probe/database.ts';
import { rateOf } from './clock.ts';

/** As much as the services ask for one confirmed transfer. */
export interface Bundle {
  /** How often an answer is waited for; statements between two of these travel together. */
  readonly roundTrips: number;
  readonly statements: number;
  /** Those that only read among them: each is opened and ended. */
  readonly transactions: number;
  /** Of all statements, the part that only reads. */
  readonly reading: number;
}

const ROWS = 1_000;
const WORKERS = 16;
const STATE = JSON.stringify({ status: 'approved', filler: 'x'.repeat(1_000) });

/** Tables of the shape of requests and events, empty of everything that the services do with them. */
export async function makeRawTables(): Promise<void> {
  await query('CREATE SCHEMA IF NOT EXISTS bench');
  await query(
    'CREATE TABLE IF NOT EXISTS bench.requests (id INT8 PRIMARY KEY, version INT8 NOT NULL, state JSONB NOT NULL)',
  );
  await query(
    'CREATE TABLE IF NOT EXISTS bench.events (id UUID PRIMARY KEY, request_id INT8 NOT NULL, data JSONB NOT NULL)',
  );
  await query(
    'INSERT INTO bench.requests SELECT n, 1, $1::jsonb FROM generate_series(0, $2::int8 - 1) n ON CONFLICT DO NOTHING',
    [STATE, ROWS],
  );
}

/** Bundles that the bare database does a second, over as many connections as a service opens. */
export async function rawBundles(count: number, bundle: Bundle): Promise<number> {
  await using connections = openConnections(WORKERS);
  const transactions = Math.max(1, Math.round(bundle.transactions));
  const statements = Math.max(1, Math.round(bundle.statements / transactions));
  const reads = Math.round(statements * bundle.reading);
  const together = Math.max(1, Math.round((bundle.statements + transactions) / bundle.roundTrips));
  return await rateOf({ count, workers: WORKERS }, (index) =>
    connections.use(async (client) => {
      for (let done = 0; done < transactions; done += 1)
        await transact(client, {
          row: (index * 7 + done) % ROWS,
          reads,
          writes: statements - reads,
          together,
        });
    }),
  );
}

/** Transactions of five round trips, BEGIN not counted, that the bare database does a second, one after the other. */
export async function rawFiveTrips(count: number): Promise<number> {
  await using connections = openConnections(1);
  return await rateOf({ count, workers: 1 }, (index) =>
    connections.use((client) => transact(client, { row: index % ROWS, reads: 1, writes: 3, together: 1 })),
  );
}

interface Shape {
  readonly row: number;
  readonly reads: number;
  readonly writes: number;
  /** Statements that are sent before an answer is waited for; COMMIT is the last of them. */
  readonly together: number;
}

async function transact(client: pg.PoolClient, { row, reads, writes, together }: Shape): Promise<void> {
  const opened = client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  const statements = [
    ...Array.from({ length: reads }, (_, done) => () => read(client, (row + done) % ROWS)),
    ...Array.from({ length: writes }, (_, done) => () => (done % 2 === 0 ? insertEvent : touch)(client, row)),
    () => client.query('COMMIT'),
  ];
  for (let sent = 0; sent < statements.length; sent += together)
    await Promise.all(statements.slice(sent, sent + together).map((statement) => statement()));
  await opened;
}

async function read(client: pg.PoolClient, row: number): Promise<unknown> {
  return await client.query('SELECT id, version, state FROM bench.requests WHERE id = $1', [row]);
}

async function touch(client: pg.PoolClient, row: number): Promise<void> {
  await client.query('UPDATE bench.requests SET version = version + 1, state = $2 WHERE id = $1', [
    row,
    STATE,
  ]);
}

async function insertEvent(client: pg.PoolClient, row: number): Promise<void> {
  await client.query('INSERT INTO bench.events VALUES ($1, $2, $3)', [randomUUID(), row, STATE]);
}

function openConnections(max: number) {
  const pool = new pg.Pool({ connectionString: environment.databaseUrl, max, pipeline: true });
  return {
    use: async (work: (client: pg.PoolClient) => Promise<void>): Promise<void> => {
      const client = await pool.connect();
      try {
        await work(client);
      } finally {
        client.release();
      }
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}
