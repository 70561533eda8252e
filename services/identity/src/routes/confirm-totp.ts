import { appError, ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import { type BoundRoute, bind, type Cause, causeOfRequest } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { nextVersion } from '../accounts/next-version.ts';
import type { IdentityDeps } from '../deps.ts';
import { confirmFactor } from '../second-factor/confirm-factor.ts';
import { giveRecoveryCodes } from '../second-factor/give-recovery-codes.ts';
import { refuseCode } from '../second-factor/refuse-code.ts';

/** Show that the authenticator has the secret; from then on its codes count, and those for when it is lost are shown. */
export function confirmTotp(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.confirmTotp, async (request) => {
    const { caller, body } = request;
    if (caller.apiKeyId !== null) return appError('permission_denied', { detail: 'sign in to do this' });
    const { tenantId, userId } = caller;
    const confirmation = { tenantId, userId, code: body.code, cause: causeOfRequest(request) };
    const { outcome, recoveryCodes } = await deps.store
      .forTenant(tenantId)
      .transaction((tx) => confirm(deps, tx, confirmation), { isolation: 'read committed' });
    refuseCode(outcome);
    return { status: 200, body: { recoveryCodes } };
  });
}

interface Confirmation {
  readonly tenantId: TenantId;
  readonly userId: string;
  readonly code: string;
  readonly cause: Cause;
}

async function confirm(deps: IdentityDeps, tx: Tx, { tenantId, userId, code, cause }: Confirmation) {
  const place = { tenant_id: tenantId, user_id: userId };
  const outcome = await confirmFactor(deps, tx, { place, code });
  if (outcome !== 'accepted') return { outcome, recoveryCodes: [] };
  const { version, ...data } = await nextVersion(deps, tx, { tenant_id: tenantId, id: userId });
  const told = { tenantId, subject: userId, version, cause, data };
  deps.outbox.add(tx, [deps.events.event('user.totp_confirmed', told)]);
  return { outcome, recoveryCodes: await giveRecoveryCodes(deps, tx, place) };
}
