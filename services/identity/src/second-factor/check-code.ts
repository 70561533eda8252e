import type { Tx } from '@ironforge/store';
import { provenStep } from '../credentials/totp.ts';
import type { IdentityDeps } from '../deps.ts';
import { type FactorChange, lockFactorInUse, type TotpFactor } from '../queries/totp-factors.ts';
import type { UserPlace } from '../queries/user-roles.ts';
import { secretPlace } from './secret-place.ts';
import { type CodeOutcome, tryFactor } from './try-factor.ts';

/** A code, and whose it is. */
export interface CodeCheck {
  readonly place: UserPlace;
  readonly code: string;
}

type Deps = Pick<IdentityDeps, 'cipher' | 'clock'>;

/**
 * Checks a code of the factor in use and notes what came of it, so that it serves once; READ COMMITTED under the lock of the
 * factor's row.
 */
export async function checkCode(deps: Deps, tx: Tx, { place, code }: CodeCheck): Promise<CodeOutcome> {
  const factor = await lockFactorInUse(tx, place);
  if (factor === undefined) return 'none';
  return await tryFactor(deps, tx, { factor, prove: async (now) => provenBy(deps, factor, { code, now }) });
}

function provenBy(
  { cipher }: Deps,
  factor: TotpFactor,
  { code, now }: { readonly code: string; readonly now: Date },
): FactorChange | null {
  const secret = Buffer.from(cipher.open(secretPlace(factor), factor.secret_cipher), 'hex');
  const step = provenStep(secret, code, { nowMs: now.getTime(), lastStep: Number(factor.last_step) });
  return step === null ? null : { last_step: BigInt(step) };
}
