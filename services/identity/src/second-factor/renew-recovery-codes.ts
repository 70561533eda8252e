import type { TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { nextVersion } from '../accounts/next-version.ts';
import type { IdentityDeps } from '../deps.ts';
import type { UserPlace } from '../queries/user-roles.ts';
import { checkCode } from './check-code.ts';
import { giveRecoveryCodes } from './give-recovery-codes.ts';
import type { CodeOutcome } from './try-factor.ts';

/** Who asks for other recovery codes, and the code that proves him. */
export interface Renewal {
  readonly tenantId: TenantId;
  readonly userId: string;
  readonly code: string;
  readonly cause: Cause;
}

/** What came of the code, and the new recovery codes; none where it proved nothing. */
export interface Renewed {
  readonly outcome: CodeOutcome;
  readonly recoveryCodes: readonly string[];
}

/** Puts ten recovery codes in place of those of before, if a code of the factor in use proves the owner; READ COMMITTED. */
export async function renewRecoveryCodes(
  deps: IdentityDeps,
  tx: Tx,
  { tenantId, userId, code, cause }: Renewal,
): Promise<Renewed> {
  const place: UserPlace = { tenant_id: tenantId, user_id: userId };
  const outcome = await checkCode(deps, tx, { place, code });
  if (outcome !== 'accepted') return { outcome, recoveryCodes: [] };
  const recoveryCodes = await giveRecoveryCodes(deps, tx, place);
  const { version, ...data } = await nextVersion(deps, tx, { tenant_id: tenantId, id: userId });
  const told = { tenantId, subject: userId, version, cause, data };
  deps.outbox.add(tx, [deps.events.event('user.recovery_codes_renewed', told)]);
  return { outcome, recoveryCodes };
}
