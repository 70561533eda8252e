import { appError } from '@ironforge/contracts';
import type { Tx } from '@ironforge/store';
import type { IdentityDeps } from '../deps.ts';
import { lockFactorInUse, putFirstFactor, putPendingSecret } from '../queries/totp-factors.ts';
import type { UserPlace } from '../queries/user-roles.ts';
import { checkEitherCode } from './check-either-code.ts';
import { pendingSecretPlace, secretPlace } from './secret-place.ts';
import type { CodeOutcome } from './try-factor.ts';

/** So long a secret waits that is to follow the one in use. */
const PENDING_MS = 10 * 60_000;

/** Whose secret it is, and what it is. */
export interface Beginning {
  readonly place: UserPlace;
  readonly secret: Buffer;
}

type Deps = Pick<IdentityDeps, 'cipher' | 'clock' | 'keyedHash'>;

/** Stores the secret of a first factor; throws `step_up_required` when one came into use meanwhile. */
export async function beginFirst(
  { cipher, clock }: Pick<IdentityDeps, 'cipher' | 'clock'>,
  tx: Tx,
  { place, secret }: Beginning,
): Promise<CodeOutcome> {
  if ((await lockFactorInUse(tx, place)) !== undefined) throw appError('step_up_required');
  const secretCipher = cipher.seal(secretPlace(place), secret.toString('hex'));
  await putFirstFactor(tx, place, { secretCipher, now: clock() });
  return 'accepted';
}

/** Stores a secret that is to follow the one in use, for ten minutes, if the code proves the owner. */
export async function beginNext(
  deps: Deps,
  tx: Tx,
  { place, secret, code }: Beginning & { readonly code: string },
): Promise<CodeOutcome> {
  const outcome = await checkEitherCode(deps, tx, { place, code });
  if (outcome !== 'accepted') return outcome;
  const now = deps.clock();
  const secretCipher = deps.cipher.seal(pendingSecretPlace(place), secret.toString('hex'));
  await putPendingSecret(tx, place, { secretCipher, now, expiresAt: new Date(now.getTime() + PENDING_MS) });
  return 'accepted';
}
