import { appError, type ROUTES } from '@ironforge/contracts';
import { parseUnits, present } from '@ironforge/kernel';
import {
  type Answer,
  type ApiRequest,
  askThenAnswerOnce,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { TransactionScope, Tx } from '@ironforge/store';
import { type AttemptTerms, intentHash } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { type Judgement, judge } from '../policies/judge.ts';
import { stricterOf } from '../policies/stricter-of.ts';
import { lockLane } from '../queries/nonce-lanes.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { readVisible } from '../requests/find-visible.ts';
import { refusal } from '../requests/refusal.ts';
import { showRequest } from '../requests/show-request.ts';
import { initiatorFacts } from '../requests/submission.ts';
import { attemptIntent } from '../requests/attempts.ts';
import { findPolicyInForce } from '../queries/policies.ts';
import { presentOf } from '../requests/recheck.ts';
import { alternativesOf, type RequestView, viewOf } from '../requests/view.ts';
import { addReplacement, type ReplacementKind, replacementOffer } from './add-replacement.ts';
import { askAboutPayload, type Known, laneOf } from './payload-order.ts';
import { lockView, readBareView } from '../requests/find-view.ts';

type Request = ApiRequest<(typeof ROUTES)['speedUpTransaction'], UserCaller>;

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
  const { request, kind, known } = wish;
  const { caller, body } = request;
  const feeCeiling =
    body.feeCeiling === undefined ? null : present(parseUnits(body.feeCeiling), 'a ceiling in base units');
  const offer = replacementOffer(deps, { view, kind, quote: known.quote, feeCeiling });
  const hash = intentHash(attemptIntent(deps, view.row, offer.terms));
  const judgement = await judgeAboveCeiling(tx, { view, wish }, offer.terms);
  if (judgement !== null) refuseDenied(view, judgement, hash);
  const asked = { cause: causeOfRequest(request), requestedBy: caller.userId };
  return await addReplacement(deps, tx, { ...asked, view, offer, judgement });
}

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
