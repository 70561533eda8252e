import type { Logger } from '@ironforge/kernel';
import knex, { type Knex } from 'knex';
import { OneTripClient, type OneTripPool } from './knex-client.ts';
import { logSlowStatements } from './slow-log.ts';
import { createTypeParsers } from './type-parsers.ts';

/** How many connections are kept, and how many there may be. */
export interface PoolSize {
  readonly min: number;
  readonly max: number;
}

/** What a pool stands on. */
export interface PoolOptions {
  readonly url: string;
  readonly pool: PoolSize;
  readonly log: Logger;
  readonly slowStatementMs: number;
  /** After so long without an answer a connection counts as dead. */
  readonly answerWithinMs: number;
}

/** A pool, and how often one of its connections was written to before an answer was waited for. */
export interface Pool {
  readonly db: Knex;
  readonly roundTrips: () => number;
}

/** Opens the pool with the limits of the data page: statement 30 s, lock 10 s, idle in transaction 60 s. */
export function openPool(options: PoolOptions): Pool {
  const trips = { count: 0 };
  const config: OneTripPool = {
    client: OneTripClient,
    connection: { ...CONNECTION, query_timeout: options.answerWithinMs, connectionString: options.url },
    pool: { ...POOL, ...options.pool },
    log: knexLog(options.log),
    compileSqlOnError: false, // or error messages would hold the parameters
    trips,
  };
  const db = knex(config);
  logSlowStatements(db, options.log, options.slowStatementMs);
  return { db, roundTrips: () => trips.count };
}

const CONNECTION = {
  application_name: 'ironforge',
  connectionTimeoutMillis: 10_000,
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  pipeline: true,
  types: createTypeParsers(),
};

const POOL = {
  acquireTimeoutMillis: 30_000,
  createTimeoutMillis: 10_000,
  idleTimeoutMillis: 600_000,
  maxConnectionLifetimeMillis: 1_800_000,
  maxConnectionLifetimeJitterMillis: 60_000,
  propagateCreateError: true,
};

function knexLog(log: Logger): Knex.Logger {
  return {
    warn: (message: unknown) => log.warn({ from: 'knex' }, String(message)),
    error: (message: unknown) => log.error({ from: 'knex' }, String(message)),
    debug: () => {},
    deprecate: () => {},
  };
}
