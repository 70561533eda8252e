import { ROUTES } from '@ironforge/contracts';
import { createEvmCodec } from '@ironforge/chain-evm';
import type { Clock } from '@ironforge/kernel';
import type { Api } from '../api/client.ts';
import { approvableHashes } from './approval-signatures.ts';
import { objectionTo, payloadKindOf, rulesOf, type SigningPayload, type TaskKind } from './objection.ts';
import { refusalBy, type Rules, type Wish } from './rules.ts';
import type { Signer } from './signer.ts';

/** What a signed request was signed as. */
export interface Signed {
  readonly transactionId: string;
  readonly intentHash: string;
  readonly nonce: number;
  readonly txHash: string;
  readonly status: string;
}

/** What became of a request to sign: signed and taken, or refused by the signer, and why. */
export type SigningOutcome = { readonly signed: Signed } | { readonly refused: string };

/** Which payload of which request is to be signed, and for how long the right to do so is needed. */
export interface SigningTask {
  readonly transactionId: string;
  readonly kind: TaskKind;
  /** The attempt of a task that is known by it. */
  readonly attemptId?: string;
  readonly leaseSeconds?: number;
}

/** What the signer works with; without rules of his own he signs whatever people approved. */
export interface SigningDeps {
  readonly api: Api;
  readonly signer: Signer;
  readonly rules: Rules | null;
  readonly clock: Clock;
}

/**
 * Asks for a request's payload, checks it against what people approved, signs it and hands the bytes in. What the rules refuse is
 * refused before a nonce is leased for it.
 */
export async function signTransaction(deps: SigningDeps, task: SigningTask): Promise<SigningOutcome> {
  const refused = deps.rules && refusalBy(deps.rules, await announced(deps.api, task));
  return refused === null ? await signPayload(deps, task) : { refused };
}

async function signPayload(deps: SigningDeps, task: SigningTask): Promise<SigningOutcome> {
  const { api, signer, rules, clock } = deps;
  const { transactionId, kind, leaseSeconds } = task;
  const params = { id: transactionId };
  const wish = { kind: payloadKindOf(kind), leaseSeconds };
  const payload = await api.call(ROUTES.createSigningPayload, { params, body: wish });
  const order = { transactionId, kind, address: signer.address, now: clock() };
  const objection = objectionTo(payload, order) ?? (rules && refusalBy(rules, wishOf(payload, kind)));
  if (objection !== null) return { refused: objection };
  const signedTransaction = await signer.sign(payload);
  const codec = createEvmCodec(rulesOf(payload));
  const verdict = codec.verifyAgainst(payload.intent, payload.evm, signedTransaction);
  if (!('accepted' in verdict)) return { refused: 'The signature does not fit the approved intent.' };
  const body = { leaseId: payload.leaseId, signedTransaction };
  const { status } = await api.call(ROUTES.submitSignature, { params, body });
  const { intentHash, evm } = payload;
  return { signed: { transactionId, intentHash, nonce: evm.nonce, txHash: verdict.accepted.hash, status } };
}

/** What the request says would be signed; the payload is looked at again, and is what counts. */
async function announced(api: Api, { transactionId, kind, attemptId }: SigningTask): Promise<Wish> {
  const request = await api.call(ROUTES.getTransaction, { params: { id: transactionId } });
  const { intent: original, attempts, approvals: all } = request;
  const attempt =
    attempts.find((one) => one.id === attemptId) ?? attempts.findLast((one) => one.kind === kind);
  const intent = { ...original, feeCeiling: attempt?.feeCeiling ?? original.feeCeiling };
  const hashes = approvableHashes({ kind, intent, original });
  // Those of other replacements are another matter; the payload tells its own alone.
  const approvals = all.filter(({ intentHash }) => hashes.includes(intentHash));
  return { kind, intent, approved: { hashes, approvals } };
}

function wishOf({ intent, original, approvals }: SigningPayload, kind: TaskKind): Wish {
  const hashes = approvableHashes({ kind, intent, original: original.intent });
  return { kind, intent, approved: { hashes, approvals } };
}
