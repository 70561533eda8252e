import pg from 'pg';
import { z } from 'zod';
import { environment } from '../../world/environment.ts';

/** What the services have asked of database, broker, node and each other so far. */
export interface Work {
  /** How often an answer was waited for, by the services' own count. */
  readonly roundTrips: number;
  /** Of transactions that may write, by the same count. */
  readonly commits: number;
  /** Transactions that only read. */
  readonly reads: number;
  /** Without what opens and ends a transaction. */
  readonly statements: number;
  readonly messages: number;
  /** Messages that a service took in. */
  readonly deliveries: number;
  /** HTTP requests that services answered, by whomever they were asked. */
  readonly requests: number;
  /** JSON-RPC calls to the node. */
  readonly nodeCalls: number;
  readonly execMs: number;
  readonly selects: number;
}

/** Nothing asked. */
export const NO_WORK = eachOf(() => 0);

/** True where the installation's own database can be looked into. */
export const hasDatabase = environment.databaseUrl !== '';

const pool = new pg.Pool({ connectionString: environment.databaseUrl, max: 4 });

/** Asks as the owner, who is counted with nobody else. */
export async function query(text: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
  const { rows } = await pool.query<object>({ text, values: [...values] });
  return rows;
}

/** One row. Throws when it is of another shape. */
export async function queryOne<T>(
  shape: z.ZodType<T>,
  text: string,
  values: readonly unknown[] = [],
): Promise<T> {
  return shape.parse((await query(text, values))[0]);
}

/** Lets the database go. */
export async function closeDatabase(): Promise<void> {
  await pool.end();
}

/** Makes the counters of statements; the server was started with them. */
export async function startCounting(): Promise<void> {
  await query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
}

const Counted = z.object({
  statements: z.coerce.number(),
  selects: z.coerce.number(),
  exec_ms: z.coerce.number(),
  messages: z.coerce.number(),
  deliveries: z.coerce.number(),
});

/** Reads the counters: of the server by statement, of the services by what they waited for. */
export async function readWork(roles: readonly string[] = SERVICE_ROLES): Promise<Work> {
  const { exec_ms: execMs, ...row } = await queryOne(Counted, COUNT_WORK, [roles]);
  const metrics = await Promise.all(environment.services.map(({ url }) => metricsOf(url)));
  const sum = (counter: RegExp) => sumOf(metrics, counter);
  return {
    ...row,
    execMs,
    roundTrips: sum(ROUND_TRIPS),
    commits: sum(COMMITS),
    reads: sum(READS),
    requests: sum(REQUESTS),
    nodeCalls: sum(NODE_CALLS),
  };
}

async function metricsOf(url: string): Promise<string> {
  return await (await fetch(new URL('/metrics', url))).text();
}

/** Nothing for a service that does not count this. */
function sumOf(metrics: readonly string[], counter: RegExp): number {
  const values = metrics.flatMap((text) => [...text.matchAll(counter)].map(([, value]) => Number(value)));
  return values.reduce((sum, value) => sum + value, 0);
}

const ROUND_TRIPS = /^database_round_trips_total\{[^}]*\} (\S+)$/gm;
const READS = /^database_reads_total\{[^}]*\} (\S+)$/gm;
const COMMITS = /^database_commits_total\{[^}]*\} (\S+)$/gm;
const REQUESTS = /^http_request_duration_seconds_count\{[^}]*\} (\S+)$/gm;
const NODE_CALLS = /^chain_rpc_calls_total\{[^}]*\} (\S+)$/gm;

/** What was asked between two readings. */
export function workBetween(before: Work, after: Work): Work {
  return eachOf((name) => after[name] - before[name]);
}

/** So many times as much. */
export function timesWork(work: Work, factor: number): Work {
  return eachOf((name) => work[name] * factor);
}

function eachOf(valueOf: (name: keyof Work) => number): Work {
  return {
    roundTrips: valueOf('roundTrips'),
    commits: valueOf('commits'),
    reads: valueOf('reads'),
    statements: valueOf('statements'),
    messages: valueOf('messages'),
    deliveries: valueOf('deliveries'),
    requests: valueOf('requests'),
    nodeCalls: valueOf('nodeCalls'),
    execMs: valueOf('execMs'),
    selects: valueOf('selects'),
  };
}

/** The login of the services, and the two roles that they take on. */
const SERVICE_ROLES = ['ironforge_service', 'ironforge_app', 'ironforge_system'];

const COUNT_WORK = `
  SELECT coalesce(sum(s.calls) FILTER (WHERE s.query NOT ILIKE 'set %' AND s.query NOT ILIKE 'begin%'
      AND s.query NOT ILIKE 'commit%'), 0) AS statements,
    coalesce(sum(s.calls) FILTER (WHERE s.query ILIKE 'select%'), 0) AS selects,
    coalesce(sum(s.total_exec_time), 0) AS exec_ms,
    (SELECT count(*) FROM outbox) AS messages, (SELECT count(*) FROM inbox) AS deliveries
  FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
  WHERE r.rolname = ANY ($1)`;
