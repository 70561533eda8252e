import type { SpendingReservationRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { Hold, LedgerChange } from '@ironforge/tx-core';

/** The window of one rule: for its asset, over its hours. */
export interface WindowKey {
  readonly tenantId: string;
  readonly policyId: string;
  readonly rule: string;
  readonly assetId: string;
  readonly hours: number;
}

/** What one request holds of a window that is locked. */
export interface LockedReservation {
  readonly key: WindowKey;
  readonly requestId: string;
  readonly amount: bigint;
  readonly hold: Hold;
}

/** Which figure of a window is asked for: what counts from that bucket on, without what one request holds itself. */
export interface SpentQuestion {
  readonly oldestBucket: number;
  readonly exceptRequestId: string | null;
}

/** Locks a window until the transaction ends, and makes it if it is new. */
export async function lockWindow(tx: Tx, key: WindowKey): Promise<void> {
  await tx('spending_windows')
    .insert({ ...keyColumns(key), reserved: 0 })
    .onConflict(['tenant_id', 'policy_id', 'rule', 'asset_id', 'hours'])
    .merge({ updated_at: tx.fn.now() });
}

/** What is used of a window: open reservations of any age, and what was confirmed since. */
export async function findSpent(tx: Tx, key: WindowKey, question: SpentQuestion): Promise<bigint> {
  const { rows } = await tx.raw<{ rows: { spent: bigint }[] }>(FIND_SPENT, { ...key, ...question });
  return rows[0]?.spent ?? 0n;
}

/** Reserves an amount for a request in a window that is locked. */
export async function insertReservation(
  tx: Tx,
  key: WindowKey,
  { requestId, amount }: Pick<LockedReservation, 'requestId' | 'amount'>,
): Promise<void> {
  await tx.raw(RESERVE, { ...key, requestId, amount });
}

/** What a request holds, its window locked until the transaction ends; undefined when no window let it through. */
export async function lockReservation(
  tx: Tx,
  tenantId: string,
  requestId: string,
): Promise<LockedReservation | undefined> {
  const [row] = await tx('spending_reservations as r')
    .select<SpendingReservationRow[]>('r.*')
    .join('spending_windows as w', (on) => {
      for (const column of KEY_COLUMNS) on.on(`w.${column}`, `r.${column}`);
    })
    .where({ 'r.tenant_id': tenantId, 'r.tx_request_id': requestId })
    .forUpdate('w');
  return row === undefined ? undefined : reservationOf(row);
}

/** Stores what a request holds from now on, and the difference in its window. */
export async function storeHold(
  tx: Tx,
  { key, requestId }: LockedReservation,
  { hold, change }: { readonly hold: Hold; readonly change: LedgerChange },
): Promise<void> {
  const bucket = hold.state === 'committed' ? hold.bucket : null;
  await tx.raw(STORE_HOLD, { ...key, requestId, state: hold.state, bucket, reserved: change.reserved });
  for (const one of change.buckets) {
    await tx.raw(one.amount < 0n ? TAKE_FROM_BUCKET : ADD_TO_BUCKET, { ...key, ...one });
  }
}

/** Removes so many buckets that are out of their window, and unchanged for so many days. */
export async function deleteOldBuckets(
  tx: Tx,
  bounds: { readonly days: number; readonly count: number },
): Promise<void> {
  await tx.raw(DELETE_OLD_BUCKETS, { ...bounds });
}

const KEY_COLUMNS = ['tenant_id', 'policy_id', 'rule', 'asset_id', 'hours'] as const;
const IS_KEY = `tenant_id = :tenantId AND policy_id = :policyId AND rule = :rule AND asset_id = :assetId
  AND hours = :hours`;

/** One statement, so that a commitment in between is seen whole or not at all. */
const FIND_SPENT = `
  SELECT COALESCE((SELECT reserved FROM spending_windows WHERE ${IS_KEY}), 0)
    + COALESCE((SELECT SUM(amount) FROM spending_buckets WHERE ${IS_KEY} AND bucket >= :oldestBucket), 0)
    - COALESCE((SELECT amount FROM spending_reservations WHERE ${IS_KEY} AND state = 'open'
        AND tx_request_id = CAST(:exceptRequestId AS UUID)), 0) AS spent`;

const RESERVE = `
  WITH reserved AS (
    UPDATE spending_windows SET reserved = reserved + CAST(:amount AS NUMERIC), updated_at = now() WHERE ${IS_KEY}
    RETURNING tenant_id, policy_id, rule, asset_id, hours
  )
  INSERT INTO spending_reservations (tx_request_id, tenant_id, policy_id, rule, asset_id, hours, amount, state)
  SELECT CAST(:requestId AS UUID), tenant_id, policy_id, rule, asset_id, hours, CAST(:amount AS NUMERIC), 'open'
  FROM reserved`;

const STORE_HOLD = `
  WITH held AS (
    UPDATE spending_reservations SET state = :state, bucket = CAST(:bucket AS INT8), updated_at = now()
    WHERE tenant_id = :tenantId AND tx_request_id = :requestId
    RETURNING tx_request_id
  )
  UPDATE spending_windows SET reserved = reserved + CAST(:reserved AS NUMERIC), updated_at = now()
  WHERE ${IS_KEY} AND EXISTS (SELECT 1 FROM held)`;

const ADD_TO_BUCKET = `
  INSERT INTO spending_buckets (tenant_id, policy_id, rule, asset_id, hours, bucket, amount)
  VALUES (:tenantId, :policyId, :rule, :assetId, :hours, :bucket, CAST(:amount AS NUMERIC))
  ON CONFLICT (tenant_id, policy_id, rule, asset_id, hours, bucket)
  DO UPDATE SET amount = spending_buckets.amount + excluded.amount, updated_at = now()`;

const TAKE_FROM_BUCKET = `
  UPDATE spending_buckets SET amount = amount + CAST(:amount AS NUMERIC), updated_at = now()
  WHERE ${IS_KEY} AND bucket = :bucket`;

/** A bucket is a twenty-fourth of its window, 150 seconds for each hour. */
const DELETE_OLD_BUCKETS = `
  DELETE FROM spending_buckets WHERE (tenant_id, policy_id, rule, asset_id, hours, bucket) IN (
    SELECT tenant_id, policy_id, rule, asset_id, hours, bucket FROM spending_buckets
    WHERE updated_at < now() - :days * interval '1 day'
      AND bucket < floor(extract(epoch FROM now()) / (hours * 150)) - 25
    LIMIT :count)`;

function keyColumns({ tenantId, policyId, rule, assetId, hours }: WindowKey) {
  return { tenant_id: tenantId, policy_id: policyId, rule, asset_id: assetId, hours };
}

function reservationOf(row: SpendingReservationRow): LockedReservation {
  const { tenant_id: tenantId, policy_id: policyId, rule, asset_id: assetId, hours, amount } = row;
  const key = { tenantId, policyId, rule, assetId, hours };
  return { key, requestId: row.tx_request_id, amount, hold: holdOf(row) };
}

function holdOf({ state, bucket }: SpendingReservationRow): Hold {
  if (bucket !== null) return { state: 'committed', bucket: Number(bucket) };
  return { state: state === 'open' ? 'open' : 'released' };
}
