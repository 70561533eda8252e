import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import type { CodeCheck } from '../second-factor/check-code.ts';
import { confirmFactor } from '../second-factor/confirm-factor.ts';
import { giveRecoveryCodes } from '../second-factor/give-recovery-codes.ts';
import { refuseCode } from '../second-factor/refuse-code.ts';

/** Show that the authenticator has the secret; from then on its codes count, and those for when it is lost are shown. */
export function confirmTotp(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.confirmTotp, async ({ caller, body }) => {
    if (caller.apiKeyId !== null) return appError('permission_denied', { detail: 'sign in to do this' });
    const place = { tenant_id: caller.tenantId, user_id: caller.userId };
    const { outcome, recoveryCodes } = await deps.store
      .forTenant(caller.tenantId)
      .transaction((tx) => confirm(deps, tx, { place, code: body.code }), { isolation: 'read committed' });
    refuseCode(outcome);
    return { status: 200, body: { recoveryCodes } };
  });
}

async function confirm(deps: IdentityDeps, tx: Tx, check: CodeCheck) {
  const outcome = await confirmFactor(deps, tx, check);
  const recoveryCodes = outcome === 'accepted' ? await giveRecoveryCodes(deps, tx, check.place) : [];
  return { outcome, recoveryCodes };
}
