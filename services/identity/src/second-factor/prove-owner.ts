import { appError } from '@ironforge/contracts';
import { hasCode, present } from '@ironforge/kernel';
import type { Origin, UserCaller } from '@ironforge/service-kit';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';
import { findUser, type SignInAccount } from '../queries/users.ts';
import { type CountedAttempt, countedAttempt } from '../sign-in/attempt.ts';
import { provePassword } from '../sign-in/prove-password.ts';

/** Who calls, from where, and the password that came with it. */
export interface Claim extends Origin {
  readonly caller: UserCaller;
  readonly password: string | undefined;
}

/** The account, and the attempt as which the proof counts. */
export interface ProvedOwner {
  readonly account: SignInAccount;
  readonly attempt: CountedAttempt;
}

/**
 * Has a signed-in person prove that the account is his own: a session may be stolen. Wrong passwords count as at a sign-in.
 * Throws `step_up_required`, `step_up_failed` and `too_many_attempts`.
 */
export async function proveOwner(
  deps: IdentityDeps,
  { caller, password, ...origin }: Claim,
): Promise<ProvedOwner> {
  if (password === undefined) throw appError('step_up_required', { detail: 'give your password' });
  const { tenantId, userId } = caller;
  const user = await deps.store.forTenant(tenantId).read((tx) => findUser(tx, tenantId, userId));
  const shown = showUser(deps, present(user, 'the user who calls'));
  const email = present(shown.email, 'the e-mail of a user who calls');
  const attempt = countedAttempt(deps, { ...origin, email, password, tenant: tenantId });
  const account = await provePassword(deps, attempt).catch(refuse);
  return { account, attempt };
}

/** The session is good: what is wrong is the proof. */
function refuse(error: unknown): never {
  throw hasCode(error, 'invalid_credentials')
    ? appError('step_up_failed', { detail: 'the password is wrong', cause: error })
    : error;
}
