import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { environment } from '../../world/environment.ts';
import { hasDatabase, query, queryOne } from './database.ts';

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

const NO_WORK = eachOf(() => 0);

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
function timesWork(work: Work, factor: number): Work {
  return eachOf((name) => work[name] * factor);
}

const IDLE_SECONDS = 5;

/** What the services ask by themselves in a second. */
export async function idleWork(): Promise<Work> {
  if (!hasDatabase) return NO_WORK;
  const before = await readWork();
  await sleep(IDLE_SECONDS * 1_000);
  const all = workBetween(before, await readWork());
  return timesWork(all, 1 / IDLE_SECONDS);
}

/** So much done in so long. */
export interface Done {
  readonly count: number;
  readonly seconds: number;
  /** What was asked meanwhile, and what would have been asked in a second anyway. */
  readonly all: Work;
  readonly idle: Work;
}

/** What one of these asked for, without what would have been asked anyway. */
export function workOfEach({ all, idle, count, seconds }: Done): Work {
  return timesWork(workBetween(timesWork(idle, seconds), all), 1 / count);
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
