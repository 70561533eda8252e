import type { Knex } from 'knex';
import { type FirstFailure, failAtCommit, failUnstored, firstFailure } from './failures.ts';
import type { OneTripConfig } from './knex-client.ts';

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
    return await failUnstored(opening, error, progress.failed);
  }
}

interface Progress {
  committing: boolean;
  failed: Readonly<FirstFailure>;
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
