import { appError, type Simulation } from '@ironforge/contracts';
import { parseUnits, present } from '@ironforge/kernel';
import type { Cause, UserCaller } from '@ironforge/service-kit';
import { isUniqueViolation, type Tx } from '@ironforge/store';
import {
  canonicalIntent,
  type Command,
  decide,
  type Event,
  fold,
  initialState,
  intentHash,
  type TxRequest,
} from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import type { Judgement } from '../policies/judge.ts';
import { insertGroups } from '../queries/approvals.ts';
import { insertRequest, type RequestRow } from '../queries/tx-requests.ts';
import { insertEvents } from '../queries/tx-transitions.ts';
import { messagesOf, rowAfter } from './carry-out.ts';
import { groupRows, reserve, submissionColumns } from './submission.ts';
import type { Wish } from './wish.ts';
import { freshView, type RequestView } from './view.ts';
import type { ApproverGroupRow } from '@ironforge/schema';

/** A request to be stored; without a judgement it stays a draft. */
export interface NewRequest {
  readonly wish: Pick<Wish, 'intent' | 'decimals'>;
  readonly judgement: Judgement | null;
  readonly caller: Pick<UserCaller, 'userId' | 'apiKeyId'>;
  /** What came of trying it; null for a draft and for a task of the system. */
  readonly simulation: Simulation | null;
  /** The nonce that the system's task is for; null for a payment. */
  readonly gapNonce: number | null;
  readonly extras: Pick<RequestRow, 'note' | 'metadata'>;
  readonly cause: Cause;
  /** The database's time. */
  readonly now: Date;
}

type Deps = Pick<OrchestratorDeps, 'outbox' | 'events' | 'chainById' | 'clock' | 'telemetry'>;

/** Stores a request with its first events, groups and messages. Throws `client_reference_exists`. */
export async function storeRequest(deps: Deps, tx: Tx, request: NewRequest): Promise<RequestView> {
  const events = firstEvents(request);
  const blank = blankRow(request, deps.clock());
  const row = rowAfter(blank, fold(events), blank.created_at);
  const { now: _, intent, ...columns } = row;
  await insertRequest(tx, { ...columns, intent: canonicalIntent(intent) }).catch(refuseReference);
  const place = { tenantId: row.tenant_id, id: row.id };
  insertEvents(tx, { ...place, events, actor: request.cause.actor, at: row.created_at });
  const groups = await storeJudgement(tx, row, request.judgement);
  deps.outbox.add(tx, messagesOf(deps, blank, { events, cause: request.cause }));
  tx.afterCommit(() => events.forEach(({ type }) => deps.telemetry.countEvent(type)));
  return freshView(row, groups);
}

async function storeJudgement(
  tx: Tx,
  row: RequestRow,
  judgement: Judgement | null,
): Promise<readonly ApproverGroupRow[]> {
  if (judgement === null) return [];
  const judged = { tenantId: row.tenant_id, requestId: row.id, intentHash: row.intent_hash };
  const groups = groupRows(judgement, judged);
  insertGroups(tx, groups);
  await reserve(tx, row, judgement);
  return groups;
}

function firstEvents({ wish, judgement, now }: NewRequest): readonly Event[] {
  const { intent } = wish;
  const validUntilMs = Date.parse(intent.validUntil);
  const created = accepted(
    { type: 'create', intentHash: intentHash(intent), validUntilMs },
    initialState,
    now,
  );
  if (judgement === null) return created;
  return [...created, ...accepted({ type: 'submit', verdict: judgement.verdict }, fold(created), now)];
}

/** A wish was checked before, so that only its validity can have ended meanwhile. */
function accepted(command: Command, state: TxRequest, now: Date): readonly Event[] {
  const outcome = decide(command, state, { nowMs: now.getTime() });
  if ('accepted' in outcome) return outcome.accepted;
  throw appError('validation_failed', { errors: [{ pointer: '/validUntil', code: 'past' }] });
}

const UNPINNED = {
  submitted_by: null,
  submitted_by_api_key_id: null,
  submitted_at: null,
  policy_id: null,
  policy_version: null,
  policy_rule: null,
  policy_explanation: null,
  policy_prices: null,
  simulation: null,
};
const UNSENT = {
  tx_hash: null,
  block_height: null,
  block_hash: null,
  expires_at: null,
  heard_at_height: null,
  sent_at_height: null,
  told_at_height: null,
  bound_nonce: null,
  signable_since: null,
  finalized_at: null,
};

function blankRow(request: NewRequest, at: Date): RequestRow {
  const { wish, judgement, caller, gapNonce, simulation, extras, now } = request;
  const { intent, decimals } = wish;
  return {
    id: intent.requestId,
    tenant_id: intent.tenantId,
    wallet_id: intent.walletId,
    user_id: caller.userId,
    created_by_api_key_id: caller.apiKeyId,
    chain: 'evm',
    chain_id: intent.chainId,
    from_address: intent.from,
    to_address: intent.to,
    asset_id: intent.assetId,
    decimals,
    amount: present(parseUnits(intent.amount), 'the amount of an intent'),
    fee_ceiling: present(parseUnits(intent.feeCeiling), 'the ceiling of an intent'),
    client_reference: intent.clientReference ?? null,
    intent,
    intent_hash: intentHash(intent),
    gap_nonce: gapNonce === null ? null : BigInt(gapNonce),
    ...extras,
    status: 'draft',
    reason: null,
    version: 0,
    state: initialState,
    ...UNSENT,
    ...(judgement === null
      ? UNPINNED
      : submissionColumns({ ...caller, submittedAt: now, simulation }, judgement)),
    created_at: at,
    updated_at: at,
    now,
  };
}

function refuseReference(error: unknown): never {
  if (isUniqueViolation(error, 'tx_requests_client_reference'))
    throw appError('client_reference_exists', { cause: error });
  throw error;
}
