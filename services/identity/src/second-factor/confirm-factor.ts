import type { Tx } from '@ironforge/store';
import { provenStep } from '../credentials/totp.ts';
import type { IdentityDeps } from '../deps.ts';
import { type FactorChange, lockFactor, type TotpFactor } from '../queries/totp-factors.ts';
import type { CodeCheck } from './check-code.ts';
import { pendingSecretPlace, secretPlace } from './secret-place.ts';
import { type CodeOutcome, tryFactor } from './try-factor.ts';

type Deps = Pick<IdentityDeps, 'cipher' | 'clock'>;

/**
 * Puts the secret that waits into force by its first code, and with it out of force what was in use until then; READ COMMITTED
 * under the lock of the factor's row.
 */
export async function confirmFactor(deps: Deps, tx: Tx, { place, code }: CodeCheck): Promise<CodeOutcome> {
  const factor = await lockFactor(tx, place);
  const secret = factor === undefined ? null : waitingSecret(deps, factor);
  if (factor === undefined || secret === null) return 'none';
  return await tryFactor(deps, tx, {
    factor,
    prove: async (now) => inForce(deps, factor, { secret, step: stepOf(secret, code, now), now }),
  });
}

/** The secret whose first code is awaited, in hexadecimal. */
function waitingSecret({ cipher, clock }: Deps, factor: TotpFactor): string | null {
  if (factor.confirmed_at === null) return cipher.open(secretPlace(factor), factor.secret_cipher);
  const { pending_secret_cipher: sealed, pending_expires_at: until } = factor;
  if (sealed === null || until === null || until <= clock()) return null;
  return cipher.open(pendingSecretPlace(factor), sealed);
}

function stepOf(secret: string, code: string, now: Date): number | null {
  return provenStep(Buffer.from(secret, 'hex'), code, { nowMs: now.getTime(), lastStep: 0 });
}

/** A cipher opens only where it was made: the secret is sealed anew for the place of the one in use. */
function inForce(
  { cipher }: Deps,
  factor: TotpFactor,
  { secret, step, now }: { readonly secret: string; readonly step: number | null; readonly now: Date },
): FactorChange | null {
  if (step === null) return null;
  return {
    secret_cipher: cipher.seal(secretPlace(factor), secret),
    confirmed_at: now,
    last_step: BigInt(step),
    pending_secret_cipher: null,
    pending_expires_at: null,
  };
}
