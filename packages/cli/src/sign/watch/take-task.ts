import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import { approvableHashes } from '../approval-signatures.ts';
import { refusalBy, type Wish } from '../rules.ts';
import { type SigningDeps, type SigningOutcome, signTransaction } from '../sign-transaction.ts';
import type { Task } from './find-tasks.ts';

/** What became of a task. */
export type TaskOutcome = SigningOutcome | { readonly postponed: Pick<AppError, 'code' | 'message'> };

/** Shorter than a person's: whoever vanishes holds a nonce up for no longer. */
const LEASE_SECONDS = 120;

/** Signs one task, or says why not. What the rules refuse is refused before a nonce is leased for it. */
export async function takeTask(deps: SigningDeps, task: Task): Promise<TaskOutcome> {
  const { transactionId, kind } = task;
  try {
    const request = await deps.api.call(ROUTES.getTransaction, { params: { id: transactionId } });
    const refused = deps.rules && refusalBy(deps.rules, wishOf(request, task));
    if (refused !== null) return { refused };
    return await signTransaction(deps, { transactionId, kind, leaseSeconds: LEASE_SECONDS });
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

type Request = ReplyOf<(typeof ROUTES)['getTransaction']>;

/** What the request says would be signed; the payload is looked at again, and is what counts. */
function wishOf({ intent: original, attempts, approvals: all }: Request, { id, kind }: Task): Wish {
  const attempt = attempts.find((one) => one.id === id);
  const intent = { ...original, feeCeiling: attempt?.feeCeiling ?? original.feeCeiling };
  const hashes = approvableHashes({ kind, intent, original });
  // Those of other replacements are another matter; the payload tells its own alone.
  const approvals = all.filter(({ intentHash }) => hashes.includes(intentHash));
  return { kind, intent, approved: { hashes, approvals } };
}
