import { appError } from '@ironforge/contracts';
import type { Knex } from 'knex';
import type { OneTripConfig } from './knex-client.ts';
import { isConnectionFailure, isOverload, isRefusedBehindFailure, leavesCommitOpen } from './sql-state.ts';

/** A transaction: knex's builder and `raw`, and what is to happen once it is stored. No savepoints. */
export type Tx = Knex.Transaction & {
  /**
   * Sends a statement whose answer nobody needs: what follows, COMMIT too, travels right behind it. When it fails, nothing
   * of the transaction is stored, and its error is the one that is thrown.
   */
  send(statement: Statement): void;
  /** Runs once the work is done: what it sends travels with COMMIT. */
  beforeCommit(hook: () => void): void;
  /** Runs after the commit of this try, never after a rollback or an unknown outcome. */
  afterCommit(hook: () => void): void;
};

/** A statement of the builder or of `raw`, not yet sent. */
export interface Statement extends PromiseLike<unknown> {
  /** Tells when it is handed to the driver. */
  on(event: 'query', listener: () => void): unknown;
}

/** What a transaction does; it may run more than once, so it has no effect outside the database. */
export type Work<T> = (tx: Tx) => Promise<T> | T;

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
  const progress: Progress = { committing: false, failed: { error: null } };
  const hooks: (() => void)[] = [];
  const last: (() => void)[] = [];
  const opening = { statement, answered: Promise.resolve<unknown>(null) };
  const config: OneTripConfig = { opening };
  try {
    const value = await db.transaction(async (trx) => {
      const failed = (progress.failed = firstFailure(trx));
      const sending = createSending();
      const result = await work(
        Object.assign(trx, {
          send: sending.send,
          beforeCommit: (hook: () => void) => void last.push(hook),
          afterCommit: (hook: () => void) => void hooks.push(hook),
        }),
      );
      for (const hook of last) hook();
      await Promise.all([opening.answered, sending.handedOver()]);
      if (failed.error !== null) throw failed.error;
      progress.committing = true;
      return result;
    }, config);
    progress.committing = false;
    // What went before COMMIT was answered before it: behind a failure the server answers COMMIT with a rollback.
    if (progress.failed.error !== null) throw progress.failed.error;
    return { value, hooks };
  } catch (error) {
    if (progress.committing) failAtCommit(error);
    // What was said behind an opening that failed was refused for that reason alone.
    return failBeforeCommit(await opening.answered.then(() => reasonOf(error, progress.failed), own));
  }
}

interface Progress {
  committing: boolean;
  failed: Readonly<FirstFailure>;
}

interface FirstFailure {
  error: Error | null;
}

/** What was said behind a statement that failed was refused for that reason alone. */
function reasonOf(error: unknown, { error: first }: Readonly<FirstFailure>): unknown {
  return isRefusedBehindFailure(error) ? first : error;
}

/** Statements that nobody waits for; their failures are noted where those of all statements are. */
function createSending() {
  const handing: Promise<void>[] = [];
  return {
    /** Resolves once all are with the driver, so that COMMIT comes behind them. Rejects for what could not be built. */
    handedOver: async (): Promise<void> => void (await Promise.all(handing)),
    send: (statement: Statement): void => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      void statement.on('query', resolve);
      void statement.then(undefined, reject);
      promise.catch(() => undefined); // the work may end before anybody asks
      handing.push(promise);
    },
  };
}

function own(error: unknown): unknown {
  return error;
}

/** After a failed statement COMMIT is answered with a silent rollback, so work that swallowed one must fail as well. */
function firstFailure(trx: Knex.Transaction): FirstFailure {
  const failed: FirstFailure = { error: null };
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
