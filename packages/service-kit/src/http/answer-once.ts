import { appError } from '@ironforge/contracts';
import { AppError, hasCode } from '@ironforge/kernel';
import {
  beginIdempotent,
  findIdempotent,
  finishIdempotent,
  type Repetition,
  type TransactionScope,
  type TransactionOptions,
  type Tx,
} from '@ironforge/store';
import { z } from 'zod';
import type { Answer, IdempotencyClaim } from './route.ts';

/** Where the effect happens, and by which key it is known. */
export interface OnceOptions {
  readonly scope: TransactionScope;
  /** Null when the caller sent no key: then the effect simply runs. */
  readonly claim: IdempotencyClaim | null;
  readonly transaction?: TransactionOptions;
}

/** The change that a POST makes, and its answer; a refusal (thrown or returned) undoes it and keeps the key free. */
export type Effect = (tx: Tx) => Promise<Answer | AppError>;

/**
 * Runs the effect of a POST in one transaction with its idempotency record, so that it happens once per key.
 * A repetition gets the stored answer, its headers too, with `Idempotent-Replayed: true`; another body throws `idempotency_key_reused`.
 * When the outcome of the commit is unknown, the key tells: the record is there, or the effect has not happened.
 */
export async function answerOnce(options: OnceOptions, effect: Effect): Promise<Answer> {
  try {
    return await attempt(options, effect);
  } catch (error) {
    if (options.claim !== null && hasCode(error, 'outcome_unknown')) return await attempt(options, effect);
    throw error;
  }
}

/**
 * Like `answerOnce`, for an effect that asks others before its transaction. They may refuse later what they let pass the
 * first time (a time that is past, a wallet that was closed): a repetition gets the stored answer all the same.
 */
export async function askThenAnswerOnce<Known>(
  options: OnceOptions,
  ask: () => Promise<Known>,
  effect: (tx: Tx, known: Known) => ReturnType<Effect>,
): Promise<Answer> {
  const asked = await ask().then(
    (known) => ({ known }),
    (refusal: unknown) => ({ refusal }),
  );
  if ('refusal' in asked) return await repeatOrRefuse(options, asked.refusal);
  return await answerOnce(options, async (tx) => await effect(tx, asked.known));
}

/**
 * The answer that a call with this key was given before; null when there is none, or no key. For whoever has an effect elsewhere
 * before his transaction. Throws `idempotency_key_reused` for another body.
 */
export async function answerBefore({ scope, claim }: OnceOptions): Promise<Answer | null> {
  if (claim === null) return null;
  const found = await scope.transaction(async (tx) => await findIdempotent(tx, claim), {
    isolation: 'read committed',
  });
  return found === null ? null : repeated(found);
}

async function repeatOrRefuse(options: OnceOptions, refusal: unknown): Promise<Answer> {
  const answer = await answerBefore(options);
  if (answer === null) throw refusal;
  return answer;
}

async function attempt({ scope, claim, transaction }: OnceOptions, effect: Effect): Promise<Answer> {
  return await scope.transaction(
    async (tx) => (claim === null ? await settle(effect(tx)) : await claimed(tx, claim, effect)),
    transaction,
  );
}

async function claimed(tx: Tx, claim: IdempotencyClaim, effect: Effect): Promise<Answer> {
  const found = await beginIdempotent(tx, claim);
  if (found.state !== 'first') return repeated(found);
  const answer = await settle(effect(tx));
  finishIdempotent(tx, claim, { status: answer.status, response: storedOf(answer) });
  return answer;
}

function repeated(found: Repetition): Answer {
  if (found.state === 'conflict') throw appError('idempotency_key_reused');
  const { body, headers } = answerIn(found.response);
  return {
    status: found.status,
    body: found.status === 204 ? undefined : body,
    headers: { ...headers, 'Idempotent-Replayed': 'true' },
  };
}

/** No body of ours has such names. */
const withHeaders = z.strictObject({ $headers: z.record(z.string(), z.string()), $body: z.unknown() });

function storedOf({ body, headers }: Answer): unknown {
  return headers === undefined ? body : { $headers: headers, $body: body ?? null };
}

/** A body that stands alone had no headers, or was stored before they were. */
function answerIn(stored: unknown): Pick<Answer, 'body' | 'headers'> {
  const parsed = withHeaders.safeParse(stored);
  return parsed.success ? { body: parsed.data.$body, headers: parsed.data.$headers } : { body: stored };
}

async function settle(effect: Promise<Answer | AppError>): Promise<Answer> {
  const outcome = await effect;
  if (outcome instanceof AppError) throw outcome;
  return outcome;
}
