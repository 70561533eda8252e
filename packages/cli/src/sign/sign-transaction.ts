import { ROUTES } from '@ironforge/contracts';
import { createEvmCodec } from '@ironforge/chain-evm';
import type { Clock } from '@ironforge/kernel';
import type { Api } from '../api/client.ts';
import { approvableHashes } from './approval-signatures.ts';
import type { Journal } from './journal.ts';
import { objectionTo, payloadKindOf, rulesOf, type SigningPayload, type TaskKind } from './objection.ts';
import { refusalBy, type Rules, type Wish } from './rules.ts';
import { noteSigned, objectionByNote } from './signed-before.ts';
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
  readonly journal: Journal;
  readonly clock: Clock;
}

/**
 * Asks for a request's payload, checks it against what people approved, signs it and hands the bytes in. What the rules refuse is
 * refused before a nonce is leased for it. A payment is noted before its bytes leave, and never signed at another nonce again.
 */
export async function signTransaction(deps: SigningDeps, task: SigningTask): Promise<SigningOutcome> {
  const refused = deps.rules && refusalBy(deps.rules, await announced(deps.api, task));
  return refused === null ? await signPayload(deps, task) : { refused };
}

async function signPayload(deps: SigningDeps, task: SigningTask): Promise<SigningOutcome> {
  const { api } = deps;
  const { transactionId, kind, leaseSeconds } = task;
  const params = { id: transactionId };
  const wish = { kind: payloadKindOf(kind), leaseSeconds };
  const payload = await api.call(ROUTES.createSigningPayload, { params, body: wish });
  const refused = objectionOf(deps, payload, task);
  if (refused !== null) return { refused };
  const made = await signNoted(deps, payload, kind);
  if ('refused' in made) return made;
  const body = { leaseId: payload.leaseId, signedTransaction: made.signedTransaction };
  const { status } = await api.call(ROUTES.submitSignature, { params, body });
  const { intentHash, evm } = payload;
  return { signed: { transactionId, intentHash, nonce: evm.nonce, txHash: made.txHash, status } };
}

function objectionOf(
  { signer, rules, journal, clock }: SigningDeps,
  payload: SigningPayload,
  { transactionId, kind }: SigningTask,
): string | null {
  const order = { transactionId, kind, address: signer.address, now: clock() };
  return (
    objectionTo(payload, order) ??
    (rules && refusalBy(rules, wishOf(payload, kind))) ??
    objectionByNote(journal, { transactionId, kind, nonce: payload.evm.nonce })
  );
}

type Made = { readonly signedTransaction: string; readonly txHash: string } | { readonly refused: string };

/** Whatever signs is believed no more than the server: its bytes are compared, and noted before they leave. */
async function signNoted(
  { signer, journal }: SigningDeps,
  payload: SigningPayload,
  kind: TaskKind,
): Promise<Made> {
  const { intent, evm } = payload;
  const { requestId: transactionId } = intent;
  const signedTransaction = await signer.sign(payload);
  const verdict = createEvmCodec(rulesOf(payload)).verifyAgainst(intent, evm, signedTransaction);
  if (!('accepted' in verdict)) return { refused: 'The signature does not fit the approved intent.' };
  const { hash: txHash } = verdict.accepted;
  const refused = await noteSigned(journal, { transactionId, kind, nonce: evm.nonce }, txHash);
  return refused === null ? { signedTransaction, txHash } : { refused };
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
