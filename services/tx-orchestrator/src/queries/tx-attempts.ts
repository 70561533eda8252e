import type { TxAttemptRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { LaneKey } from './nonce-lanes.ts';

const COLUMNS = [
  'id',
  'tenant_id',
  'tx_request_id',
  'kind',
  'state',
  'chain_id',
  'address',
  'nonce',
  'lease_id',
  'fence',
  'intent_hash',
  'fee_ceiling',
  'requested_by',
  'unsigned_transaction',
  'gas_limit',
  'max_fee_per_gas',
  'max_priority_fee_per_gas',
  'fee_paid',
  'tx_hash',
  'raw',
  'sent_at',
  'seen_at',
  'signable_since',
  'created_at',
  'updated_at',
];

/** One text, since the builder would quote each name at every reading. */
const SELECTED = COLUMNS.join(', ');

/** Stores an attempt. */
export function insertAttempt(tx: Tx, attempt: TxAttemptRow): void {
  tx.send(tx('tx_attempts').insert(attempt));
}

/** An adopted attempt, and the one whose effect it has. */
export interface AdoptedCopy {
  readonly from: string;
  readonly id: string;
  readonly state: string;
  readonly leaseId: string;
  readonly txHash: string;
}

/** Stores an adopted attempt beside the one whose effect it has; `leaseId` is new, nobody holds it. */
export function copyAttempt(tx: Tx, tenantId: string, copy: AdoptedCopy): void {
  tx.send(tx.raw(COPY_ATTEMPT, { tenantId, ...copy }));
}

/** All attempts of these requests, oldest first. */
export async function findAttempts(
  tx: Tx,
  tenantId: string,
  requestIds: readonly string[],
): Promise<TxAttemptRow[]> {
  return await tx('tx_attempts')
    .select<TxAttemptRow[]>(tx.raw(SELECTED))
    .where({ tenant_id: tenantId })
    .whereIn('tx_request_id', requestIds)
    .orderByRaw('created_at, id');
}

/** The attempt of one lease. */
export async function findAttemptByLease(
  tx: Tx,
  tenantId: string,
  leaseId: string,
): Promise<TxAttemptRow | undefined> {
  const [attempt] = await tx('tx_attempts')
    .select<TxAttemptRow[]>(tx.raw(SELECTED))
    .where({ tenant_id: tenantId, lease_id: leaseId });
  return attempt;
}

/** What a signer signed: the bytes and the fees that he chose. */
export type SignedColumns = Pick<
  TxAttemptRow,
  'raw' | 'gas_limit' | 'max_fee_per_gas' | 'max_priority_fee_per_gas' | 'updated_at'
>;

/** Stores signed bytes, before anything is sent. */
export function storeSigned(tx: Tx, attempt: TxAttemptRow, signed: SignedColumns): void {
  tx.send(tx('tx_attempts').where({ tenant_id: attempt.tenant_id, id: attempt.id }).update(signed));
}

/** Stores the lease, the fees and the unsigned bytes of a replacement whose payload is handed out. */
export function storeOffer(tx: Tx, offered: TxAttemptRow): void {
  const { tenant_id, id, lease_id, fence, unsigned_transaction, updated_at } = offered;
  const { gas_limit, max_fee_per_gas, max_priority_fee_per_gas } = offered;
  const fees = { gas_limit, max_fee_per_gas, max_priority_fee_per_gas };
  tx.send(
    tx('tx_attempts')
      .where({ tenant_id, id })
      .update({ lease_id, fence, unsigned_transaction, ...fees, updated_at }),
  );
}

/** Notes what the network took for an attempt, in native base units. */
export function noteFeePaid(
  tx: Tx,
  tenantId: string,
  { id, feePaid }: { readonly id: string; readonly feePaid: bigint },
): void {
  tx.send(tx('tx_attempts').where({ tenant_id: tenantId, id }).update({ fee_paid: feePaid }));
}

/** The requests that were ever offered these nonces, each once for a nonce. */
export async function findHolders(
  tx: Tx,
  lane: LaneKey,
  nonces: readonly number[],
): Promise<{ readonly nonce: number; readonly requestId: string }[]> {
  const rows = await tx('tx_attempts')
    .distinct<Pick<TxAttemptRow, 'nonce' | 'tx_request_id'>[]>('nonce', 'tx_request_id')
    .where({ tenant_id: lane.tenantId, chain_id: lane.chainId, address: lane.address })
    .whereRaw('nonce = ANY (?)', [[...nonces]]);
  return rows.map(({ nonce, tx_request_id }) => ({ nonce: Number(nonce), requestId: tx_request_id }));
}

/** Signed attempts at nonces of a range that no node has: never sent, or not within the last `afterMs`. */
export async function findUnsent(
  tx: Tx,
  lane: LaneKey,
  { range: [from, below], afterMs }: { readonly range: readonly [number, number]; readonly afterMs: number },
): Promise<TxAttemptRow[]> {
  return await tx('tx_attempts')
    .select<TxAttemptRow[]>(tx.raw(SELECTED))
    .where({ tenant_id: lane.tenantId, chain_id: lane.chainId, address: lane.address, state: 'signed' })
    .where('nonce', '>=', from)
    .where('nonce', '<', below)
    .whereNotNull('raw')
    .whereRaw(IS_NOT_SENT_SINCE, [afterMs])
    .orderBy('nonce');
}

/** Never sent, or not within the last so many milliseconds. */
export const IS_NOT_SENT_SINCE = `(sent_at IS NULL OR sent_at <= now() - ? * INTERVAL '1 millisecond')`;

/** Notes that a command to send these was written. */
export function noteSent(tx: Tx, tenantId: string, ids: readonly string[]): void {
  tx.send(
    tx('tx_attempts').where({ tenant_id: tenantId }).whereIn('id', ids).update({ sent_at: tx.fn.now() }),
  );
}

/** How long after they were sent, or last looked at, bytes are due; in milliseconds. */
export interface Patience {
  readonly sentMs: number;
  readonly heldBackMs: number;
}

/** How many to take, and which to leave out: by tenant, chain and address, with a space between. */
export interface WantedLanes {
  readonly except: readonly string[];
  readonly count: number;
}

const LANE_NAME = `CAST(tenant_id AS TEXT) || ' ' || chain_id || ' ' || address`;

/** The lanes, of all tenants, with signed bytes that no node has, those first that wait longest. */
export async function listUnsentLanes(
  tx: Tx,
  { sentMs, heldBackMs, except, count }: Patience & WantedLanes,
): Promise<LaneKey[]> {
  const lanes: LaneKey[] = await tx('tx_attempts')
    .select('tenant_id as tenantId', 'chain_id as chainId', 'address')
    .whereRaw(IS_UNSEEN)
    .whereNotNull('raw')
    .whereRaw(IS_DUE, [sentMs, heldBackMs])
    .whereRaw(`NOT (${LANE_NAME} = ANY (CAST(? AS TEXT[])))`, [[...except]])
    .groupBy('tenant_id', 'chain_id', 'address')
    .orderByRaw('min(updated_at)')
    .limit(count);
  return lanes;
}

/** Notes that the signed bytes of a lane were looked at, so that those which must wait let others pass. */
export function noteLookedAt(tx: Tx, lane: LaneKey): void {
  tx.send(
    tx('tx_attempts')
      .where({ tenant_id: lane.tenantId, chain_id: lane.chainId, address: lane.address, state: 'signed' })
      .whereNotNull('raw')
      .update({ updated_at: tx.fn.now() }),
  );
}

/** Spelled out like the condition of the index of unsent bytes: a plan that fits any state cannot use it. */
export const IS_UNSEEN = `state = 'signed' AND seen_at IS NULL`;

const IS_DUE = `(sent_at <= now() - ? * INTERVAL '1 millisecond'
  OR (sent_at IS NULL AND updated_at <= now() - ? * INTERVAL '1 millisecond'))`;

const COPY_ATTEMPT = `
  INSERT INTO tx_attempts (id, tenant_id, tx_request_id, kind, state, chain_id, address, nonce, lease_id, fence,
    intent_hash, fee_ceiling, requested_by, unsigned_transaction, gas_limit, max_fee_per_gas, max_priority_fee_per_gas, tx_hash)
  SELECT CAST(:id AS UUID), tenant_id, tx_request_id, kind, CAST(:state AS VARCHAR), chain_id, address, nonce, CAST(:leaseId AS UUID),
    fence, intent_hash, fee_ceiling, requested_by, unsigned_transaction, gas_limit, max_fee_per_gas, max_priority_fee_per_gas,
    CAST(:txHash AS VARCHAR)
  FROM tx_attempts WHERE tenant_id = :tenantId AND id = :from`;
