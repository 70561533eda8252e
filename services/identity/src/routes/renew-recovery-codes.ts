import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import { refuseKey } from '../accounts/refuse-key.ts';
import type { IdentityDeps } from '../deps.ts';
import { refuseCode } from '../second-factor/refuse-code.ts';
import { renewRecoveryCodes as renew } from '../second-factor/renew-recovery-codes.ts';

/** Ten other recovery codes, by a code of the authenticator, which stays as it is; by a person, not by a key. */
export function renewRecoveryCodes(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.renewRecoveryCodes, async (request) => {
    const { caller, body } = request;
    refuseKey(caller);
    const { tenantId, userId } = caller;
    const renewal = { tenantId, userId, code: body.code, cause: causeOfRequest(request) };
    const { outcome, recoveryCodes } = await deps.store
      .forTenant(tenantId)
      .transaction((tx) => renew(deps, tx, renewal), { isolation: 'read committed' });
    refuseCode(outcome);
    return { status: 200, body: { recoveryCodes } };
  });
}
