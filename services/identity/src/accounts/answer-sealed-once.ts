import { appError } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import {
  type Answer,
  askThenAnswerOnce,
  type IdempotencyClaim,
  type OnceOptions,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { z } from 'zod';
import type { CipherPlace, FieldCipher } from '../credentials/field-cipher.ts';
import type { IdentityDeps } from '../deps.ts';
import { subjectPlace } from '../personal/user-fields.ts';
import { findSubjectKeys } from '../queries/subject-keys.ts';

type Deps = Pick<IdentityDeps, 'cipher' | 'dataKeys' | 'keyedHash' | 'store'>;

/** An answer, and of which user it holds personal data; null where it holds none. */
export interface SealableAnswer extends Answer {
  readonly about: string | null;
}

/**
 * Like `answerOnce`, for answers and bodies that must not lie open in the idempotency record: the answer is stored
 * encrypted, under the data key of the user that it is about if there is one; the hash of the body keyed, since the body may
 * hold a password. Throws `personal_data_erased` for a repetition after that user was erased.
 */
export async function answerSealedOnce(
  deps: Deps,
  options: OnceOptions,
  effect: (tx: Tx) => Promise<Answer | AppError>,
): Promise<Answer> {
  return await askThenAnswerSealedOnce(deps, options, {
    ask: async () => null,
    effect: async (tx) => {
      const answer = await effect(tx);
      return answer instanceof Error ? answer : { ...answer, about: null };
    },
  });
}

/** An effect, and what it asks others before its transaction. */
export interface AskedEffect<Known> {
  readonly ask: () => Promise<Known>;
  readonly effect: (tx: Tx, known: Known) => Promise<SealableAnswer | AppError>;
}

/** The same for an effect that asks others before its transaction. */
export async function askThenAnswerSealedOnce<Known>(
  deps: Deps,
  options: OnceOptions,
  { ask, effect }: AskedEffect<Known>,
): Promise<Answer> {
  const { claim } = options;
  if (claim === null) return await askThenAnswerOnce(options, ask, effect);
  const keyed = { ...claim, bodyHash: deps.keyedHash('request_body', claim.bodyHash) };
  const answer = await askThenAnswerOnce({ ...options, claim: keyed }, ask, async (tx, known) => {
    const open = await effect(tx, known);
    if (open instanceof Error) return open;
    const { about, body, ...rest } = open;
    const cipher = await cipherFor(deps, tx, { claim, about });
    return { ...rest, body: { sealed: cipher.seal(placeOf(claim), JSON.stringify(body)), about } };
  });
  return { ...answer, body: await unseal(deps, claim, answer.body) };
}

const sealedBody = z.object({ sealed: z.string(), about: z.string().nullable().default(null) });

async function unseal(deps: Deps, claim: IdempotencyClaim, body: unknown): Promise<unknown> {
  const { sealed, about } = sealedBody.parse(body);
  const scope = deps.store.forTenant(claim.tenantId);
  const cipher =
    about === null ? deps.cipher : await scope.read((tx) => cipherFor(deps, tx, { claim, about }));
  return JSON.parse(cipher.open(placeOf(claim), sealed));
}

interface Whose {
  readonly claim: IdempotencyClaim;
  readonly about: string | null;
}

async function cipherFor(deps: Deps, tx: Tx, { claim, about }: Whose): Promise<FieldCipher> {
  if (about === null) return deps.cipher;
  const place = subjectPlace({ tenant_id: claim.tenantId, id: about });
  const [key] = await findSubjectKeys(tx, [place]);
  const wrapped = key?.key_cipher ?? null;
  if (wrapped === null) throw appError('personal_data_erased');
  return deps.dataKeys.cipherOf(place, wrapped);
}

function placeOf({ tenantId, key }: IdempotencyClaim): CipherPlace {
  return { tenantId, table: 'idempotency_keys', column: 'response', row: key };
}
