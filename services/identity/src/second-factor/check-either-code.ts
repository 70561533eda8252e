import type { Tx } from '@ironforge/store';
import { recoveryCodeHash, secondFactorOf } from '../credentials/recovery-codes.ts';
import type { IdentityDeps } from '../deps.ts';
import { takeRecoveryCode } from '../queries/recovery-codes.ts';
import { lockFactorInUse } from '../queries/totp-factors.ts';
import { checkCode, type CodeCheck } from './check-code.ts';
import { type CodeOutcome, tryFactor } from './try-factor.ts';

type Deps = Pick<IdentityDeps, 'cipher' | 'clock' | 'keyedHash'>;

/**
 * Checks a code of the factor in use, or a recovery code in its place: for a sign-in and to replace the factor, never for an
 * approval. Either serves once, and wrong ones of both count together.
 */
export async function checkEitherCode(deps: Deps, tx: Tx, check: CodeCheck): Promise<CodeOutcome> {
  return secondFactorOf(check.code) === 'totp'
    ? await checkCode(deps, tx, check)
    : await checkRecoveryCode(deps, tx, check);
}

async function checkRecoveryCode(deps: Deps, tx: Tx, { place, code }: CodeCheck): Promise<CodeOutcome> {
  const factor = await lockFactorInUse(tx, place);
  if (factor === undefined) return 'none';
  const hash = recoveryCodeHash(deps.keyedHash, code);
  return await tryFactor(deps, tx, {
    factor,
    prove: async () => ((await takeRecoveryCode(tx, place, hash)) ? {} : null),
  });
}
