import { type Answer, answerOnce, type Effect, type OnceOptions } from '@ironforge/service-kit';
import { z } from 'zod';
import type { CipherPlace } from '../credentials/field-cipher.ts';
import type { IdentityDeps } from '../deps.ts';

/**
 * Like `answerOnce`, for answers and bodies that must not lie open in the idempotency record: the answer is stored
 * encrypted, the hash of the body keyed, since the body may hold a password.
 */
export async function answerSealedOnce(
  { cipher, keyedHash }: Pick<IdentityDeps, 'cipher' | 'keyedHash'>,
  options: OnceOptions,
  effect: Effect,
): Promise<Answer> {
  const { claim } = options;
  if (claim === null) return await answerOnce(options, effect);
  const place = { tenantId: claim.tenantId, table: 'idempotency_keys', column: 'response', row: claim.key };
  const keyed = { ...claim, bodyHash: keyedHash('request_body', claim.bodyHash) };
  const answer = await answerOnce({ ...options, claim: keyed }, async (tx) => {
    const open = await effect(tx);
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
