import { replacementFee } from '@ironforge/chain-evm';
import { type AttemptId, branded } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { type AttemptKind, intentHash } from '@ironforge/tx-core';
import { feeOf, type Quote } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import type { Judgement } from '../policies/judge.ts';
import { insertGroups } from '../queries/approvals.ts';
import { insertAttempt } from '../queries/tx-attempts.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { attemptIntent, signedFees } from '../requests/attempts.ts';
import { carryOut } from '../requests/carry-out.ts';
import { versionOf } from '../requests/decided-by.ts';
import { refusal } from '../requests/refusal.ts';
import { groupRows } from '../requests/submission.ts';
import type { RequestView } from '../requests/view.ts';
import { attemptRow, type NewAttempt } from './attempt-row.ts';
import { ceilingObjection, fundsObjection } from './payload-order.ts';

/** What a replacement is for. */
export type ReplacementKind = Exclude<AttemptKind, 'original'>;

/** A replacement at what the chain takes now. */
export interface ReplacementWish {
  readonly view: RequestView;
  readonly kind: ReplacementKind;
  readonly quote: Quote;
  /** The most that the network may take, in native base units; null leaves it at what people approved. */
  readonly feeCeiling: bigint | null;
}

/** Fees and ceiling of a replacement. */
export type ReplacementOffer = Pick<NewAttempt, 'terms' | 'binding'>;

/** A replacement as it is to be stored; `judgement` is what people are asked by, null where nobody is. */
export interface NewReplacement {
  readonly view: RequestView;
  readonly offer: ReplacementOffer;
  readonly judgement: Judgement | null;
  readonly cause: Cause;
  /** Null for the service itself. */
  readonly requestedBy: string | null;
}

/** Adds an attempt on the nonce of a locked request, to be signed once people agree. Throws `illegal_transition`. */
export async function addReplacement(
  deps: OrchestratorDeps,
  tx: Tx,
  { view: { row }, offer, judgement, cause, requestedBy }: NewReplacement,
): Promise<RequestRow> {
  const id = branded<AttemptId>(deps.newId());
  const approvalTimeoutMs = timeoutOf(judgement);
  const hash = intentHash(attemptIntent(deps, row, offer.terms));
  const { kind, feeCeiling } = offer.terms;
  const terms = { attemptId: id, intentHash: hash, approvalTimeoutMs, feeCeiling: feeCeiling.toString() };
  const command = { type: kind === 'cancel' ? 'cancelOnChain' : 'speedUp', ...terms } as const;
  const policy = judgement === null ? undefined : versionOf(judgement.policyId, judgement.policyVersion);
  const transition = await carryOut(deps, tx, { row, command, cause, policy });
  if ('rejected' in transition) throw refusal(transition.rejected, row.status);
  const judged = { tenantId: row.tenant_id, requestId: row.id, intentHash: hash };
  if (judgement !== null) insertGroups(tx, groupRows(judgement, judged));
  const state = approvalTimeoutMs === null ? 'offered' : 'pending_approval';
  insertAttempt(tx, attemptRow(deps, { id, row, state, lease: null, requestedBy, ...offer }));
  return transition.row;
}

/** Throws `illegal_transition`, `fee_above_ceiling`, `insufficient_funds`. */
export function replacementOffer(deps: OrchestratorDeps, wish: ReplacementWish): ReplacementOffer {
  const { view, kind, quote } = wish;
  const { row } = view;
  const signed = signedFees(view);
  const nonce = row.state.boundNonce;
  if (signed === null || nonce === null) throw refusal('illegal_transition', row.status);
  const fee = { ...quote, ...replacementFee(signed, quote) };
  const terms = { kind, feeCeiling: ceilingOf(wish, feeOf(fee)) };
  const intent = attemptIntent(deps, row, terms);
  const objection = ceilingObjection(terms.feeCeiling, fee) ?? fundsObjection(intent, quote, feeOf(fee));
  if (objection !== null) throw objection;
  return { terms, binding: { ...fee, nonce } };
}

/** The asker's; else what people approved, which a cancel may exceed, since it needs nobody's consent. */
function ceilingOf({ view: { row }, kind, feeCeiling }: ReplacementWish, fee: bigint): bigint {
  if (feeCeiling !== null) return feeCeiling;
  const room = fee * CANCEL_ROOM;
  return kind === 'cancel' && room > row.fee_ceiling ? room : row.fee_ceiling;
}

/** Without a ceiling of the asker's a cancel may cost so many times what it would cost now. */
const CANCEL_ROOM = 2n;

/** How long the rule gives people to decide; null when nobody is asked. */
function timeoutOf(judgement: Judgement | null): number | null {
  const verdict = judgement?.verdict;
  return verdict?.effect === 'require_approvals' ? verdict.timeoutMs : null;
}
