import { appError } from '@ironforge/contracts';
import { hasCode } from '@ironforge/kernel';
import type { Knex } from 'knex';
import type { Opening } from './knex-client.ts';
import {
  isConnectionFailure,
  isLockTimeout,
  isOverload,
  isRefusedBehindFailure,
  leavesCommitOpen,
} from './sql-state.ts';

/** The first statement of a transaction that failed: what came behind it was refused for that reason alone. */
export interface FirstFailure {
  error: Error | null;
}

/** After a failed statement COMMIT is answered with a silent rollback, so work that swallowed one must fail as well. */
export function firstFailure(trx: Knex.Transaction): Readonly<FirstFailure> {
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

/** What a transaction that stored nothing fails with: the database's own error, or `dependency_down`. */
export async function failUnstored(
  opening: Opening,
  error: unknown,
  { error: first }: Readonly<FirstFailure>,
): Promise<never> {
  const reason = isRefusedBehindFailure(error) ? first : error;
  // What was said behind an opening that failed was refused for that reason alone.
  return failBeforeCommit(await opening.answered.then(() => reason, own));
}

/** What a transaction fails with whose COMMIT was sent: `outcome_unknown` when nobody knows what came of it. */
export function failAtCommit(error: unknown): never {
  if (!leavesCommitOpen(error)) throw error;
  throw appError('outcome_unknown', { retry: 'later', cause: error });
}

function failBeforeCommit(error: unknown): never {
  if (!isConnectionFailure(error) && !isOverload(error)) throw error;
  const detail = isOverload(error) ? 'the database is too busy' : 'the database does not answer';
  throw appError('dependency_down', { detail, retry: 'later', cause: error });
}

/**
 * True of a `dependency_down` that concerns its own work alone: the database is there, and somebody else held for too long what this
 * work needs.
 */
export function isKeptWaiting(error: unknown): boolean {
  return hasCode(error, 'dependency_down') && isLockTimeout(error.cause);
}

function own(error: unknown): unknown {
  return error;
}
