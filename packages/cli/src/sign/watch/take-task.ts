import { AppError } from '@ironforge/kernel';
import { type SigningDeps, type SigningOutcome, signTransaction } from '../sign-transaction.ts';
import type { Task } from './find-tasks.ts';

/** What became of a task. */
export type TaskOutcome = SigningOutcome | { readonly postponed: Pick<AppError, 'code' | 'message'> };

/** Shorter than a person's: whoever vanishes holds a nonce up for no longer. */
const LEASE_SECONDS = 120;

/** Signs one task, or says why not. */
export async function takeTask(deps: SigningDeps, task: Task): Promise<TaskOutcome> {
  const { transactionId, kind, id: attemptId } = task;
  try {
    return await signTransaction(deps, { transactionId, kind, attemptId, leaseSeconds: LEASE_SECONDS });
  } catch (error) {
    return { postponed: faultOf(error) };
  }
}

/** Any fault as one with a code, in words that hold no secret. */
export function faultOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new AppError('failed', { detail, cause: error });
}
