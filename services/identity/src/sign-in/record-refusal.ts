import { branded, type TenantId } from '@ironforge/kernel';
import { causeOfOrigin, type EventMessage } from '@ironforge/service-kit';
import type { IdentityDeps } from '../deps.ts';
import type { SignInAccount } from '../queries/users.ts';
import type { CountedAttempt } from './attempt.ts';
import { ACCOUNT_RULE, ADDRESS_RULE, noteFailure } from './throttle.ts';

/** Why a sign-in was refused, and whose it would have been; without an account there is no tenant to tell. */
export interface Refusal {
  readonly account: SignInAccount | null;
  readonly reason:
    | 'unknown_account'
    | 'wrong_password'
    | 'suspended'
    | 'throttled'
    | 'no_code'
    | 'wrong_code'
    | 'password_to_change';
}

/** No tries: a throttled one was not looked at, and of the others the password was right. */
const UNCOUNTED: ReadonlySet<Refusal['reason']> = new Set(['throttled', 'no_code', 'password_to_change']);

/** Counts a refused sign-in against account and address, unless it was no try, and tells `session.login_failed`. */
export async function recordRefusal(
  deps: IdentityDeps,
  attempt: CountedAttempt,
  { account, reason }: Refusal,
): Promise<void> {
  await deps.store.system('sign_in').transaction(
    async (tx) => {
      if (!UNCOUNTED.has(reason)) {
        const now = deps.clock();
        await noteFailure(tx, { subject: attempt.account, rule: ACCOUNT_RULE }, now);
        await noteFailure(tx, { subject: attempt.address, rule: ADDRESS_RULE }, now);
      }
      deps.outbox.add(tx, account === null ? [] : [loginFailed(deps, attempt, { account, reason })]);
    },
    { isolation: 'read committed' },
  );
}

function loginFailed(
  { events }: IdentityDeps,
  attempt: CountedAttempt,
  { account, reason }: Refusal & { readonly account: SignInAccount },
): EventMessage {
  return events.event('session.login_failed', {
    tenantId: branded<TenantId>(account.tenant_id),
    subject: account.id,
    version: 1,
    // A sign-in that failed is nobody's act but the service's own.
    cause: causeOfOrigin(attempt, { type: 'service', id: 'identity' }),
    data: { userId: account.id, reason },
  });
}
