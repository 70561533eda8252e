import type { ChangeApprovalRow, ChangeRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { WaitingDespite } from './approvals.ts';

const COLUMNS = [
  'id',
  'tenant_id',
  'kind',
  'subject_id',
  'content',
  'change_hash',
  'groups',
  'policy_id',
  'policy_version',
  'status',
  'reason',
  'author_id',
  'author_api_key_id',
  'version',
  'expires_at',
  'approved_at',
  'handed_over_at',
  'failures',
  'passed_over_until',
  'created_at',
  'updated_at',
] as const;

const APPROVAL_COLUMNS = [
  'id',
  'tenant_id',
  'change_id',
  'approver_id',
  'decision',
  'comment',
  'step_up',
  'signature',
  'signer_address',
  'created_at',
] as const;

/** Which changes, from where, how many. */
export interface ChangeFilter {
  readonly status?: string | undefined;
  readonly after: RowPlace | null;
  readonly count: number;
}

/** What a transition writes. */
export type ChangeUpdate = Pick<ChangeRow, 'status' | 'reason' | 'version' | 'approved_at' | 'updated_at'>;

/** Stores a new change; false when it is there already. */
export async function insertChange(tx: Tx, change: ChangeRow): Promise<boolean> {
  const rows = await tx('changes')
    .insert({ ...change, groups: JSON.stringify(change.groups) })
    .onConflict('id')
    .ignore()
    .returning('id');
  return rows.length === 1;
}

/** One change. */
export async function findChange(tx: Tx, tenantId: string, id: string): Promise<ChangeRow | undefined> {
  return await tx<ChangeRow>('changes')
    .first(...COLUMNS)
    .where({ tenant_id: tenantId, id });
}

/** These changes; unknown ones are left out. */
export async function findChanges(tx: Tx, tenantId: string, ids: readonly string[]): Promise<ChangeRow[]> {
  return await tx<ChangeRow>('changes')
    .select(...COLUMNS)
    .where({ tenant_id: tenantId })
    .whereIn('id', ids)
    .orderBy('id');
}

/** One change, locked until the transaction ends. */
export async function lockChange(tx: Tx, tenantId: string, id: string): Promise<ChangeRow | undefined> {
  return await tx<ChangeRow>('changes')
    .first(...COLUMNS)
    .where({ tenant_id: tenantId, id })
    .forUpdate();
}

/** Changes, newest first. */
export async function listChanges(tx: Tx, tenantId: string, filter: ChangeFilter): Promise<ChangeRow[]> {
  const query = tx<ChangeRow>('changes')
    .select(...COLUMNS)
    .where({ tenant_id: tenantId });
  if (filter.status !== undefined) void query.where({ status: filter.status });
  if (filter.after !== null)
    void query.whereRaw('(created_at, id) < (?, ?)', [filter.after.createdAt, filter.after.id]);
  return await query.orderByRaw('created_at DESC, id DESC').limit(filter.count);
}

/** Stores a transition of a change that is locked. */
export async function updateChange(
  tx: Tx,
  { tenant_id, id }: Pick<ChangeRow, 'tenant_id' | 'id'>,
  change: ChangeUpdate,
): Promise<void> {
  await tx<ChangeRow>('changes').where({ tenant_id, id }).update(change);
}

/** Notes that the owner of the data was told to apply it: from now on nothing else ends the change. */
export async function noteHandOver(
  tx: Tx,
  { tenant_id, id }: Pick<ChangeRow, 'tenant_id' | 'id'>,
  at: Date,
): Promise<void> {
  await tx<ChangeRow>('changes')
    .where({ tenant_id, id, handed_over_at: null })
    .update({ handed_over_at: at });
}

/** How long a change that cannot be applied stays the first in line, and for how long others go first after that. */
export interface ChangePatience {
  readonly failures: number;
  readonly passedOverMs: number;
}

/** Notes that applying a change failed; gives how often it has, undefined when somebody else ended it meanwhile. */
export async function noteFailedChange(
  tx: Tx,
  { tenant_id: tenantId, id }: Pick<ChangeRow, 'tenant_id' | 'id'>,
  patience: ChangePatience,
): Promise<number | undefined> {
  const { rows } = await tx.raw<{ rows: Pick<ChangeRow, 'failures'>[] }>(NOTE_FAILURE, {
    tenantId,
    id,
    ...patience,
  });
  return rows[0]?.failures;
}

const NOTE_FAILURE = `
  UPDATE changes SET failures = failures + 1, passed_over_until = CASE WHEN failures + 1 >= :failures
    THEN now() + :passedOverMs * INTERVAL '1 millisecond' END
  WHERE tenant_id = :tenantId AND id = :id AND status = 'approved'
  RETURNING failures`;

const IS_IN_LINE = '(passed_over_until IS NULL OR passed_over_until <= now())';

/** The change whose quorum was complete first, of those that wait to be applied and are not passed over. */
export async function findNextApproved(tx: Tx, tenantId: string): Promise<ChangeRow | undefined> {
  return await tx<ChangeRow>('changes')
    .first(...COLUMNS)
    .where({ tenant_id: tenantId, status: 'approved' })
    .whereRaw(IS_IN_LINE)
    .orderByRaw('approved_at, id');
}

const IS_APPROVED_BY = `EXISTS (SELECT 1 FROM change_approvals a WHERE a.tenant_id = changes.tenant_id
  AND a.change_id = changes.id AND a.approver_id = ? AND a.decision = 'approve')`;

/** A page of the changes that wait although this person has approved them, by id. */
export async function findChangesDespite(
  tx: Tx,
  tenantId: string,
  { approverId, after, count }: WaitingDespite,
): Promise<string[]> {
  const rows = await tx<ChangeRow>('changes')
    .select('id')
    .where({ tenant_id: tenantId, status: 'pending' })
    .where('id', '>', after)
    .whereRaw(IS_APPROVED_BY, [approverId])
    .orderBy('id')
    .limit(count);
  return rows.map(({ id }) => id);
}

/** How many to take, and which to leave out: by tenant, or by id. */
export interface WantedChanges {
  readonly except: readonly string[];
  readonly count: number;
}

/** Tenants with a change that waits to be applied. */
export async function listTenantsToApply(
  tx: Tx,
  { except, count }: WantedChanges,
): Promise<{ tenantId: string }[]> {
  return await tx('changes')
    .distinct<{ tenantId: string }[]>('tenant_id as tenantId')
    .where({ status: 'approved' })
    .whereRaw(IS_IN_LINE)
    .whereRaw('NOT (tenant_id = ANY (CAST(? AS UUID[])))', [[...except]])
    .limit(count);
}

/** Changes of all tenants whose time is over. */
export async function listOverdueChanges(
  tx: Tx,
  { except, count }: WantedChanges,
): Promise<{ readonly tenantId: string; readonly id: string }[]> {
  return await tx('changes')
    .select<{ tenantId: string; id: string }[]>('tenant_id as tenantId', 'id')
    .where({ status: 'pending' })
    .whereRaw('expires_at <= now()')
    .whereRaw('NOT (id = ANY (CAST(? AS UUID[])))', [[...except]])
    .orderBy('expires_at')
    .limit(count);
}

/** Stores one person's decision. */
export async function insertChangeApproval(tx: Tx, approval: ChangeApprovalRow): Promise<void> {
  await tx('change_approvals').insert(approval);
}

/** The decisions about these changes, oldest first. */
export async function findChangeApprovals(
  tx: Tx,
  tenantId: string,
  changeIds: readonly string[],
): Promise<ChangeApprovalRow[]> {
  return await tx<ChangeApprovalRow>('change_approvals')
    .select(...APPROVAL_COLUMNS)
    .where({ tenant_id: tenantId })
    .whereIn('change_id', changeIds)
    .orderByRaw('created_at, id');
}
