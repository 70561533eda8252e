import { appError } from '@ironforge/contracts';
import type { Knex } from 'knex';
import type { OneTripConfig } from './knex-client.ts';
import { isConnectionFailure, isOverload, leavesCommitOpen } from './sql-state.ts';

/** A transaction: knex's builder and `raw`, and what is to happen once it is stored. No savepoints. */
export type Tx = Knex.Transaction & {
  /** Runs after the commit of this try, never after a rollback or an unknown outcome. */
  afterCommit(hook: () => void): void;
};

/** What a transaction does; it may run more than once, so it has no effect outside the database. */
export type Work<T> = (tx: Tx) => Promise<T>;

/** What a stored transaction gave, and the hooks that are now due. */
export interface Committed<T> {
  readonly value: T;
  readonly hooks: readonly (() => void)[];
}

/**
 * One try of a transaction. Throws the database's own error when nothing was stored, `dependency_down` when it was
 * not reachable before COMMIT, and `outcome_unknown` when it went away at COMMIT.
 */
export async function tryTransaction<T>(db: Knex, statement: string, work: Work<T>): Promise<Committed<T>> {
  const progress = { committing: false };
  const hooks: (() => void)[] = [];
  const opening = { statement, answered: Promise.resolve<unknown>(null) };
  const config: OneTripConfig = { opening };
  try {
    const value = await db.transaction(async (trx) => {
      const failed = firstFailure(trx);
      const result = await work(
        Object.assign(trx, { afterCommit: (hook: () => void) => void hooks.push(hook) }),
      );
      await opening.answered;
      if (failed.error !== null) throw failed.error;
      progress.committing = true;
      return result;
    }, config);
    return { value, hooks };
  } catch (error) {
    if (progress.committing) failAtCommit(error);
    // What was said behind an opening that failed was refused for that reason alone.
    return failBeforeCommit(await opening.answered.then(() => error, own));
  }
}

function own(error: unknown): unknown {
  return error;
}

/** After a failed statement COMMIT is answered with a silent rollback, so work that swallowed one must fail as well. */
function firstFailure(trx: Knex.Transaction): { error: Error | null } {
  const failed: { error: Error | null } = { error: null };
  trx.on('query-error', (error: Error) => {
    failed.error ??= withoutValues(error);
  });
  return failed;
}

/** The database's detail holds values of the row, which belong into no log; the name of the constraint stays. */
function withoutValues(error: Error): Error {
  return Object.assign(error, { detail: undefined });
}

function failBeforeCommit(error: unknown): never {
  if (!isConnectionFailure(error) && !isOverload(error)) throw error;
  const detail = isOverload(error) ? 'the database is too busy' : 'the database does not answer';
  throw appError('dependency_down', { detail, retry: 'later', cause: error });
}

function failAtCommit(error: unknown): never {
  if (!leavesCommitOpen(error)) throw error;
  throw appError('outcome_unknown', { retry: 'later', cause: error });
}
