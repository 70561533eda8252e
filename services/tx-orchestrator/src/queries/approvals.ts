import type { ApprovalRow, ApproverGroupRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** Stores one person's decision, the first over this intent: that he decided before was seen behind the lock of its request. */
export function insertApproval(tx: Tx, approval: ApprovalRow): void {
  tx.send(tx('approvals').insert(approval));
}

/** The decisions on these requests, oldest first. */
export async function findApprovals(
  tx: Tx,
  tenantId: string,
  requestIds: readonly string[],
): Promise<ApprovalRow[]> {
  return await tx('approvals')
    .select<ApprovalRow[]>(
      'id',
      'tenant_id',
      'tx_request_id',
      'intent_hash',
      'approver_id',
      'decision',
      'comment',
      'step_up',
      'signature',
      'signer_address',
      'created_at',
    )
    .where({ tenant_id: tenantId })
    .whereIn('tx_request_id', requestIds)
    .orderByRaw('created_at, id');
}

/**
 * A page of the requests that wait for approval, themselves or with a replacement, although this person has given his; in the
 * order in which they are locked.
 */
export async function findWaitingDespite(
  tx: Tx,
  tenantId: string,
  { approverId, after, count }: WaitingDespite,
): Promise<string[]> {
  const given = { 'a.tenant_id': tenantId, 'a.approver_id': approverId, 'a.decision': 'approve' };
  const attempts = tx('tx_attempts as t')
    .join('approvals as a', (on) =>
      on
        .on('a.tenant_id', 't.tenant_id')
        .on('a.tx_request_id', 't.tx_request_id')
        .on('a.intent_hash', 't.intent_hash'),
    )
    .select('t.tx_request_id as id')
    .where({ 't.state': 'pending_approval', ...given })
    .where('t.tx_request_id', '>', after);
  const rows = await tx('tx_requests as r')
    .join('approvals as a', (on) =>
      on.on('a.tenant_id', 'r.tenant_id').on('a.tx_request_id', 'r.id').on('a.intent_hash', 'r.intent_hash'),
    )
    .select<{ id: string }[]>('r.id')
    .where({ 'r.status': 'pending_approval', ...given })
    .where('r.id', '>', after)
    .union(attempts)
    .orderBy('id')
    .limit(count);
  return rows.map(({ id }) => id);
}

/** Who approved, after which id to begin, and how many to take. */
export interface WaitingDespite {
  readonly approverId: string;
  readonly after: string;
  readonly count: number;
}

/** Stores the groups that must approve a request. */
export function insertGroups(tx: Tx, groups: readonly ApproverGroupRow[]): void {
  if (groups.length > 0) tx.send(tx('approver_groups').insert([...groups]));
}

/** The groups of these requests. */
export async function findGroups(
  tx: Tx,
  tenantId: string,
  requestIds: readonly string[],
): Promise<ApproverGroupRow[]> {
  return await tx('approver_groups')
    .select<ApproverGroupRow[]>(
      'tenant_id',
      'tx_request_id',
      'intent_hash',
      'alternative',
      'position',
      'name',
      'required',
      'approver_ids',
      'role',
      'step_up',
      'rejection',
      'policy_id',
      'policy_version',
    )
    .where({ tenant_id: tenantId })
    .whereIn('tx_request_id', requestIds)
    .orderByRaw('alternative, position');
}
