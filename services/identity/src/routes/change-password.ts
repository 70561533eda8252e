import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import { refuseKey } from '../accounts/refuse-key.ts';
import { replacePassword } from '../accounts/replace-password.ts';
import type { IdentityDeps } from '../deps.ts';
import { proveOwner } from '../second-factor/prove-owner.ts';
import { proveAndAct } from '../sign-in/prove-and-act.ts';
import { startSession } from '../sign-in/start-session.ts';

/** Change one’s password by the present one; every session ends, and a new one begins. */
export function changePassword(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.changePassword, async (request) => {
    const { caller, body, ip, userAgent, requestId, traceparent } = request;
    refuseKey(caller);
    const { currentPassword, newPassword } = body;
    const claim = { caller, password: currentPassword, ip, userAgent, requestId, traceparent };
    const cause = causeOfRequest(request);
    const changed = await proveAndAct(
      async () => await proveOwner(deps, claim),
      async ({ account, attempt }) => {
        const replaced = await replacePassword(deps, { account, newPassword, cause });
        return replaced === null ? null : { attempt, account: replaced };
      },
    );
    if (changed === null) return appError('version_conflict');
    const { attempt, account } = changed;
    const pair = await startSession(deps, attempt, { account, passwordHash: null, secondFactor: null });
    return pair === null ? appError('unauthenticated') : { status: 200, body: pair };
  });
}
