import { appError } from '@ironforge/contracts';
import type { IdentityDeps } from '../deps.ts';
import type { SignInAccount } from '../queries/users.ts';
import type { CountedAttempt } from './attempt.ts';
import { recordRefusal } from './record-refusal.ts';

/**
 * Refuses a password that somebody else chose and that was to serve once, unless its owner's own comes with it. Looked at before a
 * code is, which serves once. Throws `password_change_required`, after the refusal was stored.
 */
export async function refuseLasting(
  deps: IdentityDeps,
  attempt: CountedAttempt,
  account: SignInAccount,
): Promise<void> {
  if (!account.must_change_password || attempt.newPassword !== undefined) return;
  await recordRefusal(deps, attempt, { account, reason: 'password_to_change' });
  throw appError('password_change_required');
}
