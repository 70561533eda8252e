import { appError } from '@ironforge/contracts';
import { assert, hasCode, isUuid, type Logger, type TenantId } from '@ironforge/kernel';
import { ExponentialBackoff, handleWhen, type RetryPolicy, retry } from 'cockatiel';
import { type Isolation, openingStatement, type Wall } from './opening.ts';
import { openPool, type PoolSize } from './pool.ts';
import { tryReading } from './reading.ts';
import { createSharedReads, type Transact } from './shared-reads.ts';
import { createSharedWrites } from './shared-writes.ts';
import { isSerializationFailure } from './sql-state.ts';
import type { SystemUse } from './system-uses.ts';
import { type Committed, tryTransaction, type Work } from './transaction.ts';

/** What a store stands on. */
export interface StoreOptions {
  /** Of the login role `ironforge_service`. */
  readonly url: string;
  readonly log: Logger;
  readonly pool?: PoolSize;
  /** Statements that take longer are logged, without their parameters; 1,000 by default. */
  readonly slowStatementMs?: number;
  /**
   * A database that is silent for longer has gone without a word, and its connection is given up; 32,000 by default, more than the
   * server lets a statement take.
   */
  readonly answerWithinMs?: number;
}

/** How a transaction runs. */
export interface TransactionOptions {
  /** `read committed` only for work that locks its hot row first (the list is in the README); else serializable. */
  readonly isolation?: Isolation;
}

/** The way to the database for one tenant, or for one named use across tenants. */
export interface Scope {
  /**
   * Runs the work in one transaction, again after serialization failures and deadlocks (at most 20 times). Throws
   * `outcome_unknown` when the connection died at COMMIT: read again by key, never repeat blindly; `dependency_down`
   * when the database was not reachable; `version_conflict` when every try collided.
   */
  transaction<T>(work: Work<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Runs work that only reads, as of one moment (REPEATABLE READ), and asks all that it asks before it waits: one round trip, COMMIT included;
   * a statement that comes later is refused. Such works that come together share it. For few rows by key, not for what takes
   * long. Throws as `transaction` does, but never `outcome_unknown`.
   */
  read<T>(work: Work<T>): Promise<T>;
  /**
   * Runs work that writes, at READ COMMITTED: works of one name that come while others are under way share a transaction and
   * its commit. Statements of others come between its own, so each must be right by itself: by a key, a version, or a row
   * that it locks. When one work fails, nothing is stored and each is done again alone. Throws as `transaction` does.
   */
  together<T>(name: string, work: Work<T>): Promise<T>;
}

/** The part of a scope that writes. */
export type TransactionScope = Pick<Scope, 'transaction'>;

/** Counted since the start. */
export interface StoreStats {
  /** How often an answer of the database was waited for. */
  readonly roundTrips: number;
  /** Of transactions that may write. */
  readonly commits: number;
  /** Transactions that only read. */
  readonly reads: number;
  readonly retries: number;
  readonly unknownOutcomes: number;
}

/** The database as one service sees it. */
export interface Store extends AsyncDisposable {
  forTenant(tenantId: TenantId): Scope;
  system(use: SystemUse): Scope;
  stats(): StoreStats;
}

const MAX_RETRIES = 20;

/** Opens the pool of one service. Connections are made when first needed. */
export function createStore(options: StoreOptions): Store {
  const { url, log, pool = { min: 2, max: 16 }, slowStatementMs = 1000, answerWithinMs = 32_000 } = options;
  const { db, roundTrips } = openPool({ url, pool, log, slowStatementMs, answerWithinMs });
  const stats = { commits: 0, reads: 0, retries: 0, unknownOutcomes: 0 };
  const reads = createSharedReads();
  const writes = createSharedWrites();
  const policy = retryPolicy(() => (stats.retries += 1));

  async function run<T>(wall: Wall, work: Work<T>, isolation: Isolation): Promise<T> {
    const opening = openingStatement(isolation, wall);
    const committed = await policy.execute(() => tryTransaction(db, opening, work)).catch(explain);
    stats.commits += 1;
    runHooks(committed, log);
    return committed.value;
  }

  async function runReading<T>(wall: Wall, work: Work<T>): Promise<T> {
    const opening = openingStatement('reading', wall);
    const value = await policy.execute(() => tryReading(db, opening, work)).catch(explain);
    stats.reads += 1;
    return value;
  }

  function explain(error: unknown): never {
    if (isSerializationFailure(error)) throw appError('version_conflict', { retry: 'later', cause: error });
    if (hasCode(error, 'outcome_unknown')) stats.unknownOutcomes += 1;
    throw error;
  }

  function scope(wall: Wall): Scope {
    const name = wall.role === 'ironforge_system' ? wall.role : wall.tenantId;
    const committed: Transact = (work) => run(wall, work, 'read committed');
    return {
      transaction: (work, { isolation = 'serializable' } = {}) => run(wall, work, isolation),
      read: (work) => reads.read(name, (reading) => runReading(wall, reading), work),
      together: (what, work) => writes.write(`${name} ${what}`, committed, work),
    };
  }

  return {
    forTenant(tenantId) {
      assert(isUuid(tenantId), 'a tenant id is a UUID');
      return scope({ role: 'ironforge_app', tenantId });
    },
    system: () => scope({ role: 'ironforge_system' }),
    stats: () => ({ ...stats, roundTrips: roundTrips() }),
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

function retryPolicy(onRetry: () => void): RetryPolicy {
  const backoff = new ExponentialBackoff({ initialDelay: 2, maxDelay: 250 });
  const policy = retry(handleWhen(isSerializationFailure), { maxAttempts: MAX_RETRIES, backoff });
  policy.onRetry(onRetry);
  return policy;
}

/** The transaction is stored whatever a hook does; a hook that throws is a bug and must not look like a rollback. */
function runHooks(committed: Committed<unknown>, log: Logger): void {
  for (const hook of committed.hooks) {
    try {
      hook();
    } catch (error) {
      log.error({ err: error }, 'a hook after a commit failed');
    }
  }
}
