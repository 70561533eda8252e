import { personalSigner } from '@ironforge/chain-evm';
import { appError, INTERNAL_ROUTES, type StepUp } from '@ironforge/contracts';
import type { OrchestratorDeps } from '../deps.ts';
import type { People } from './people.ts';

/** What proved a decision, as it is stored with it. */
export interface Proof {
  readonly step_up: StepUp | null;
  readonly signature: string | null;
  readonly signer_address: string | null;
}

/** What a rule asks of an approval, and what came with it. */
export interface StepUpQuestion {
  readonly asked: StepUp | null;
  readonly tenantId: string;
  readonly userId: string;
  readonly given: { readonly totp?: string | undefined; readonly signature?: string | undefined };
  /** What a signature has to be given over: it names the hash of what is approved. */
  readonly text: string;
  readonly people: Pick<People, 'addressOf'>;
  readonly requestId: string;
}

/**
 * Has an approval proved as its rule asks: a code by identity, a signature here, against the address that identity just
 * named. Throws `step_up_required`, `step_up_failed` and `too_many_attempts`.
 */
export async function proveApproval(
  deps: Pick<OrchestratorDeps, 'call'>,
  question: StepUpQuestion,
): Promise<Proof> {
  if (question.asked === 'totp') return await byCode(deps, question);
  return question.asked === 'signature' ? bySignature(question) : UNPROVED;
}

/** What needs no proof: a rejection moves nothing. */
export const UNPROVED: Proof = { step_up: null, signature: null, signer_address: null };

async function byCode(
  { call }: Pick<OrchestratorDeps, 'call'>,
  { given: { totp: code }, tenantId, userId, requestId }: StepUpQuestion,
): Promise<Proof> {
  if (code === undefined) throw appError('step_up_required');
  const body = { tenantId, userId, code };
  const { outcome, retryAfterSeconds } = await call(INTERNAL_ROUTES.verifyTotp, { body, requestId });
  if (outcome === 'blocked') throw appError('too_many_attempts', { retry: 'later', retryAfterSeconds });
  if (outcome !== 'accepted') throw appError('step_up_failed');
  return { ...UNPROVED, step_up: 'totp' };
}

function bySignature({ given, people, userId, text }: StepUpQuestion): Proof {
  const address = people.addressOf.get(userId);
  if (given.signature === undefined) throw appError('step_up_required', { detail: `sign: ${text}` });
  if (address === undefined)
    throw appError('step_up_failed', { detail: 'no approval address is registered' });
  const signature = given.signature.toLowerCase();
  if (personalSigner(text, signature) !== address)
    throw appError('step_up_failed', { detail: `the signature is not of ${address} over: ${text}` });
  return { step_up: 'signature', signature, signer_address: address };
}
