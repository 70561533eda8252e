import type { RecordedPrice, Simulation } from '@ironforge/contracts';
import type { TxRequestRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Intent, TxRequest } from '@ironforge/tx-core';
import type { Explanation } from '../policies/explanation.ts';

const COLUMNS = [
  'id',
  'tenant_id',
  'wallet_id',
  'user_id',
  'created_by_api_key_id',
  'submitted_by',
  'submitted_by_api_key_id',
  'submitted_at',
  'chain',
  'chain_id',
  'from_address',
  'to_address',
  'asset_id',
  'amount',
  'decimals',
  'fee_ceiling',
  'client_reference',
  'note',
  'metadata',
  'intent_hash',
  'status',
  'reason',
  'version',
  'state',
  'policy_id',
  'policy_version',
  'policy_rule',
  'policy_explanation',
  'policy_prices',
  'simulation',
  'tx_hash',
  'block_height',
  'block_hash',
  'expires_at',
  'heard_at_height',
  'sent_at_height',
  'gap_nonce',
  'bound_nonce',
  'signable_since',
  'finalized_at',
  'created_at',
  'updated_at',
];

/** A request as stored, its JSON in the shapes that only this service writes. */
export type RequestRow = Omit<
  TxRequestRow,
  'state' | 'intent' | 'policy_explanation' | 'policy_prices' | 'simulation' | 'metadata'
> & {
  readonly state: TxRequest;
  readonly intent: Intent;
  readonly policy_explanation: Explanation | null;
  /** By which rules over fiat amounts were decided at the submission. */
  readonly policy_prices: readonly RecordedPrice[] | null;
  readonly simulation: Simulation | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The database's time when it was read. */
  readonly now: Date;
};

/** A request to be stored for the first time. */
export type NewRequestRow = Omit<RequestRow, 'now' | 'intent'> & { readonly intent: string };

/** Which requests a list shows; `ownerId` null shows everybody's. */
export interface RequestFilter {
  readonly ownerId: string | null;
  readonly equal: Readonly<Record<string, string | null>>;
  readonly createdAfter: string | undefined;
  readonly createdBefore: string | undefined;
  readonly after: RowPlace | null;
  readonly count: number;
}

/** Stores a new request. */
export async function insertRequest(tx: Tx, row: NewRequestRow): Promise<void> {
  const { state, metadata, policy_explanation, policy_prices, simulation } = row;
  const json = { state, metadata, policy_explanation, policy_prices, simulation };
  await tx('tx_requests').insert({ ...row, ...textOf(json) });
}

/** One request; with `ownerId`, only if it is his. */
export async function findRequest(
  tx: Tx,
  tenantId: string,
  { id, ownerId }: { readonly id: string; readonly ownerId: string | null },
): Promise<RequestRow | undefined> {
  const query = selectRequests(tx).where({ tenant_id: tenantId, id });
  if (ownerId !== null) void query.where({ user_id: ownerId });
  const [row] = await query;
  return row;
}

/** One request, locked until the transaction ends. */
export async function lockRequest(tx: Tx, tenantId: string, id: string): Promise<RequestRow | undefined> {
  const [row] = await selectRequests(tx).where({ tenant_id: tenantId, id }).forUpdate();
  return row;
}

/** Several requests, locked in the order of their ids so that two transactions never wait for each other. */
export async function lockRequests(tx: Tx, tenantId: string, ids: readonly string[]): Promise<RequestRow[]> {
  return await selectRequests(tx)
    .where({ tenant_id: tenantId })
    .whereRaw('id = ANY(?)', [[...ids]])
    .orderBy('id')
    .forUpdate();
}

/** Requests of the tenant, newest first. */
export async function listRequests(tx: Tx, tenantId: string, filter: RequestFilter): Promise<RequestRow[]> {
  const query = selectRequests(tx).where({ tenant_id: tenantId, ...filter.equal });
  if (filter.ownerId !== null) void query.where({ user_id: filter.ownerId });
  if (filter.createdAfter !== undefined) void query.where('created_at', '>', filter.createdAfter);
  if (filter.createdBefore !== undefined) void query.where('created_at', '<', filter.createdBefore);
  if (filter.after !== null)
    void query.whereRaw('(created_at, id) < (?, ?)', [filter.after.createdAt, filter.after.id]);
  return await query.orderByRaw('created_at DESC, id DESC').limit(filter.count);
}

/** Whose decision is waited for. */
export interface WaitingFilter {
  readonly approverId: string;
  readonly after: RowPlace | null;
  readonly count: number;
}

/** Requests that wait for this person's decision, on themselves or on a replacement, newest first. */
export async function listWaiting(tx: Tx, tenantId: string, filter: WaitingFilter): Promise<RequestRow[]> {
  const { approverId, after } = filter;
  const query = selectRequests(tx)
    .join(tx.raw(UNDECIDED, { tenantId }), 'undecided.request_id', 'tx_requests.id')
    .where({ tenant_id: tenantId })
    .whereNot({ user_id: approverId })
    .whereRaw('submitted_by IS DISTINCT FROM ?', [approverId])
    .whereRaw('undecided.asker IS DISTINCT FROM ?', [approverId])
    .whereRaw(IS_IN_A_GROUP, [approverId])
    .whereRaw(HAS_NOT_DECIDED, [approverId]);
  if (after !== null) void query.whereRaw('(created_at, id) < (?, ?)', [after.createdAt, after.id]);
  return await query.orderByRaw('created_at DESC, id DESC').limit(filter.count);
}

/** What submission adds to a request. */
export type Submission = Pick<
  RequestRow,
  | 'submitted_by'
  | 'submitted_by_api_key_id'
  | 'submitted_at'
  | 'policy_id'
  | 'policy_version'
  | 'policy_rule'
  | 'policy_explanation'
  | 'policy_prices'
  | 'simulation'
>;

/** Pins the policy that decides a request, and who submitted it. */
export function pinSubmission(tx: Tx, row: RequestRow, submission: Submission): void {
  const { policy_explanation, policy_prices, simulation } = submission;
  tx.send(
    tx('tx_requests')
      .where({ tenant_id: row.tenant_id, id: row.id })
      .update({ ...submission, ...textOf({ policy_explanation, policy_prices, simulation }) }),
  );
}

/** Notes at which height the watcher last spoke about a request; older news lower nothing. */
export function noteTold(tx: Tx, row: RequestRow, height: number): void {
  tx.send(
    tx('tx_requests')
      .where({ tenant_id: row.tenant_id, id: row.id })
      .update({
        heard_at_height: tx.raw('GREATEST(heard_at_height, CAST(? AS INT8))', [height]),
        told_at_height: tx.raw('GREATEST(told_at_height, CAST(? AS INT8))', [height]),
      }),
  );
}

/** Notes at which height the watcher was asked about a request, so that it is not asked again at once. */
export function noteAsked(tx: Tx, row: RequestRow, height: number): void {
  tx.send(
    tx('tx_requests')
      .where({ tenant_id: row.tenant_id, id: row.id })
      .update({ heard_at_height: tx.raw('GREATEST(heard_at_height, CAST(? AS INT8))', [height]) }),
  );
}

/** Requests whose bytes are sent, of some for the first time, at this height of the chain. */
export interface Dispatch {
  readonly requestIds: readonly string[];
  readonly newIds: readonly string[];
  readonly head: number | null;
}

/** Notes from which height on news of requests, and blocks with their new bytes, are waited for; what was heard stays. */
export function noteDispatched(tx: Tx, tenantId: string, { requestIds, newIds, head }: Dispatch): void {
  tx.send(
    tx('tx_requests')
      .where({ tenant_id: tenantId })
      .whereIn('id', requestIds)
      .update({
        heard_at_height: tx.raw('COALESCE(heard_at_height, CAST(? AS INT8))', [head]),
        sent_at_height: tx.raw('CASE WHEN id = ANY (?) THEN CAST(? AS INT8) ELSE sent_at_height END', [
          [...newIds],
          head,
        ]),
      }),
  );
}

/** Notes that a block with the bytes of a request is waited for anew, from this height on. */
export function noteWaiting(tx: Tx, row: RequestRow, height: number): void {
  tx.send(
    tx('tx_requests').where({ tenant_id: row.tenant_id, id: row.id }).update({ sent_at_height: height }),
  );
}

/** The intents that people are asked about: of requests, and of replacements above the approved ceiling. */
const UNDECIDED = `(
  SELECT id AS request_id, intent_hash AS undecided_hash, NULL AS asker FROM tx_requests
  WHERE tenant_id = :tenantId AND status = 'pending_approval'
  UNION ALL
  SELECT tx_request_id, intent_hash, CAST(requested_by AS TEXT) FROM tx_attempts
  WHERE tenant_id = :tenantId AND state = 'pending_approval'
) AS undecided`;
const IS_IN_A_GROUP = `EXISTS (SELECT 1 FROM approver_groups g WHERE g.tenant_id = tx_requests.tenant_id
  AND g.tx_request_id = tx_requests.id AND g.intent_hash = undecided_hash AND ? = ANY (g.approver_ids))`;
const HAS_NOT_DECIDED = `NOT EXISTS (SELECT 1 FROM approvals a WHERE a.tenant_id = tx_requests.tenant_id
  AND a.intent_hash = undecided_hash AND a.approver_id = ?)`;

function selectRequests(tx: Tx) {
  return tx('tx_requests').select<RequestRow[]>(tx.raw(SELECTED));
}

/** One text, since the builder would quote forty names at every reading. Not the time of BEGIN: it may have waited for its lane. */
const SELECTED = `${COLUMNS.join(', ')}, CAST(intent AS JSONB) AS intent, statement_timestamp() AS now`;

/** JSON columns travel as text: the driver would turn an array into an SQL array. */
function textOf(json: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, value === null ? null : JSON.stringify(value)]),
  );
}
