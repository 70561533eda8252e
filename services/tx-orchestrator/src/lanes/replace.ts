import { replacementFee } from '@ironforge/chain-evm';
import { appError, type ROUTES } from '@ironforge/contracts';
import { type AttemptId, branded, parseUnits, present } from '@ironforge/kernel';
import {
  type Answer,
  type ApiRequest,
  askThenAnswerOnce,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { TransactionScope, Tx } from '@ironforge/store';
import { type AttemptKind, type AttemptTerms, intentHash } from '@ironforge/tx-core';
import { feeOf } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { type Judgement, judge } from '../policies/judge.ts';
import { stricterOf } from '../policies/stricter-of.ts';
import { insertGroups } from '../queries/approvals.ts';
import { lockLane } from '../queries/nonce-lanes.ts';
import { insertAttempt } from '../queries/tx-attempts.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';
import { versionOf } from '../requests/decided-by.ts';
import { readVisible } from '../requests/find-visible.ts';
import { refusal } from '../requests/refusal.ts';
import { showRequest } from '../requests/show-request.ts';
import { groupRows, initiatorFacts } from '../requests/submission.ts';
import { attemptIntent, signedFees } from '../requests/attempts.ts';
import { findPolicyInForce } from '../queries/policies.ts';
import { presentOf } from '../requests/recheck.ts';
import { alternativesOf, type RequestView, viewOf } from '../requests/view.ts';
import { attemptRow, type NewAttempt } from './attempt-row.ts';
import { askAboutPayload, ceilingObjection, fundsObjection, type Known, laneOf } from './payload-order.ts';
import { lockView, readBareView } from '../requests/find-view.ts';

type Request = ApiRequest<(typeof ROUTES)['speedUpTransaction'], UserCaller>;

/** What a replacement is for. */
export type ReplacementKind = Exclude<AttemptKind, 'original'>;

interface Wish {
  readonly request: Request;
  readonly kind: ReplacementKind;
  readonly known: Known;
}

/** Adds an attempt that displaces a signed payment on its own nonce, to be signed; above the approved ceiling people are asked. */
export async function replace(
  deps: OrchestratorDeps,
  request: Request,
  kind: ReplacementKind,
): Promise<Answer> {
  const { caller, params, idempotency: claim } = request;
  const lane = laneOf(await readVisible(deps, caller, params.id));
  const scope: TransactionScope = { transaction: (work) => deps.withLane(lane, work) };
  const asked = () => ask(deps, request, kind);
  return await askThenAnswerOnce({ scope, claim }, asked, async (tx, known) => {
    await lockLane(tx, lane);
    const view = await lockView(tx, caller, params.id);
    const row = await add(deps, tx, { view, wish: { request, kind, known } });
    return { status: 200, body: showRequest(await viewOf(tx, row)) };
  });
}

async function ask(deps: OrchestratorDeps, request: Request, kind: ReplacementKind): Promise<Known> {
  const { caller, params, requestId } = request;
  const view = await readBareView(deps, caller, params.id);
  const intent = attemptIntent(deps, view.row, { kind, feeCeiling: view.row.fee_ceiling });
  return await askAboutPayload(deps, view, { intent, requestId });
}

interface Adding {
  readonly view: RequestView;
  readonly wish: Wish;
}

async function add(deps: OrchestratorDeps, tx: Tx, { view, wish }: Adding): Promise<RequestRow> {
  const offer = offerOf(deps, { view, wish });
  const intent = attemptIntent(deps, view.row, offer.terms);
  const judged = { tenantId: view.row.tenant_id, requestId: view.row.id, intentHash: intentHash(intent) };
  const judgement = await judgeAboveCeiling(tx, { view, wish }, offer.terms);
  if (judgement !== null) refuseDenied(view, judgement, judged.intentHash);
  const approvalTimeoutMs = timeoutOf(judgement);
  const attemptId = branded<AttemptId>(deps.newId());
  const command = {
    type: COMMANDS[wish.kind],
    attemptId,
    intentHash: judged.intentHash,
    approvalTimeoutMs,
    feeCeiling: offer.terms.feeCeiling.toString(),
  } as const;
  const transition = await carryOut(deps, tx, {
    row: view.row,
    command,
    cause: causeOfRequest(wish.request),
    policy: judgement === null ? undefined : versionOf(judgement.policyId, judgement.policyVersion),
  });
  if ('rejected' in transition) throw refusal(transition.rejected, view.row.status);
  if (judgement !== null) insertGroups(tx, groupRows(judgement, judged));
  const state = approvalTimeoutMs === null ? 'offered' : 'pending_approval';
  const requestedBy = wish.request.caller.userId;
  insertAttempt(
    tx,
    attemptRow(deps, { id: attemptId, row: view.row, state, lease: null, requestedBy, ...offer }),
  );
  return transition.row;
}

/** How long the rule gives people to decide; null when nobody is asked. */
function timeoutOf(judgement: Judgement | null): number | null {
  const verdict = judgement?.verdict;
  return verdict?.effect === 'require_approvals' ? verdict.timeoutMs : null;
}

const COMMANDS = { speed_up: 'speedUp', cancel: 'cancelOnChain' } as const;

/** Fees and ceiling of a replacement. Throws `illegal_transition`, `fee_above_ceiling`, `insufficient_funds`. */
function offerOf(deps: OrchestratorDeps, { view, wish }: Adding): Pick<NewAttempt, 'terms' | 'binding'> {
  const { row } = view;
  const { quote } = wish.known;
  const signed = signedFees(view);
  const nonce = row.state.boundNonce;
  if (signed === null || nonce === null) throw refusal('illegal_transition', row.status);
  const fee = { ...quote, ...replacementFee(signed, quote) };
  const terms = { kind: wish.kind, feeCeiling: ceilingOf(wish, row, feeOf(fee)) };
  const intent = attemptIntent(deps, row, terms);
  const objection = ceilingObjection(terms.feeCeiling, fee) ?? fundsObjection(intent, quote, feeOf(fee));
  if (objection !== null) throw objection;
  return { terms, binding: { ...fee, nonce } };
}

/** The caller's; else what people approved, which a cancel may exceed, since it needs nobody's consent. */
function ceilingOf({ request, kind }: Wish, { fee_ceiling }: RequestRow, fee: bigint): bigint {
  const { feeCeiling } = request.body;
  if (feeCeiling !== undefined) return present(parseUnits(feeCeiling), 'a ceiling in base units');
  const room = fee * CANCEL_ROOM;
  return kind === 'cancel' && room > fee_ceiling ? room : fee_ceiling;
}

/** Without a ceiling of the caller's a cancel may cost so many times what it would cost now. */
const CANCEL_ROOM = 2n;

/**
 * Null when nobody needs to be asked: a cancel, a speed-up within what was approved, a task of the system. Else what the
 * policy says both to who submitted the request and to who asks now, so that nobody spends in another's name.
 */
async function judgeAboveCeiling(
  tx: Tx,
  { view, wish }: Adding,
  { kind, feeCeiling }: AttemptTerms,
): Promise<Judgement | null> {
  const { row } = view;
  if (kind === 'cancel' || feeCeiling <= row.fee_ceiling || row.gap_nonce !== null) return null;
  const policy = await findPolicyInForce(tx, row.tenant_id, wish.known.wallet.policyId);
  const judged = { view, intentHash: row.intent_hash, policy };
  const { facts, prices, people } = await presentOf(tx, judged, wish.known);
  const own = judge(policy, { facts, prices }, people);
  const others = { ...facts, initiator: initiatorFacts(wish.request.caller) };
  const asked = judge(policy, { facts: others, prices }, people);
  return stricterOf(own, asked);
}

/** Who decided on an intent decided for ever: another ceiling makes it another one. */
function refuseDenied(view: RequestView, { verdict }: Judgement, hash: string): void {
  if (verdict.effect === 'deny') throw refusal('illegal_transition', 'denied by the policy in force');
  if (alternativesOf(view, hash).length === 0) return;
  throw appError('illegal_transition', {
    detail: 'people were asked about this ceiling before: name another',
  });
}
