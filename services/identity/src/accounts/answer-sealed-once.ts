import { type Answer, askThenAnswerOnce, type Effect, type OnceOptions } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { z } from 'zod';
import type { CipherPlace } from '../credentials/field-cipher.ts';
import type { IdentityDeps } from '../deps.ts';

type Deps = Pick<IdentityDeps, 'cipher' | 'keyedHash'>;

/**
 * Like `answerOnce`, for answers and bodies that must not lie open in the idempotency record: the answer is stored
 * encrypted, the hash of the body keyed, since the body may hold a password.
 */
export async function answerSealedOnce(deps: Deps, options: OnceOptions, effect: Effect): Promise<Answer> {
  return await askThenAnswerSealedOnce(deps, options, { ask: async () => null, effect });
}

/** An effect, and what it asks others before its transaction. */
export interface AskedEffect<Known> {
  readonly ask: () => Promise<Known>;
  readonly effect: (tx: Tx, known: Known) => ReturnType<Effect>;
}

/** The same for an effect that asks others before its transaction. */
export async function askThenAnswerSealedOnce<Known>(
  deps: Deps,
  options: OnceOptions,
  { ask, effect }: AskedEffect<Known>,
): Promise<Answer> {
  const { claim } = options;
  if (claim === null) return await askThenAnswerOnce(options, ask, effect);
  const { cipher, keyedHash } = deps;
  const place = { tenantId: claim.tenantId, table: 'idempotency_keys', column: 'response', row: claim.key };
  const keyed = { ...claim, bodyHash: keyedHash('request_body', claim.bodyHash) };
  const answer = await askThenAnswerOnce({ ...options, claim: keyed }, ask, async (tx, known) => {
    const open = await effect(tx, known);
    return open instanceof Error
      ? open
      : { ...open, body: { sealed: cipher.seal(place, JSON.stringify(open.body)) } };
  });
  return { ...answer, body: unseal(cipher, place, answer.body) };
}

const sealedBody = z.object({ sealed: z.string() });

function unseal(cipher: IdentityDeps['cipher'], place: CipherPlace, body: unknown): unknown {
  return JSON.parse(cipher.open(place, sealedBody.parse(body).sealed));
}
