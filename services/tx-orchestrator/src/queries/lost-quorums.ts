import type { Tx } from '@ironforge/store';
import type { RequestPlace, Wanted } from './overdue-requests.ts';

/** A page of places, in the order of their ids. */
export type WantedPage = Wanted & { readonly after: string | undefined };

/**
 * Requests of all tenants that wait for approval although as many have given theirs as one of their groups asks for, by id: some of
 * these did not count when it was looked at last.
 */
export async function listLostQuorums(tx: Tx, { after, except, count }: WantedPage): Promise<RequestPlace[]> {
  return await tx('tx_requests as w')
    .select<RequestPlace[]>('w.tenant_id as tenantId', 'w.id')
    .whereRaw(`w.status = 'pending_approval'`)
    .where('w.id', '>', after ?? BEFORE_ALL)
    .whereRaw(HAS_ENOUGH_VOTES, { of: 'w.id' })
    .whereRaw('NOT (w.id = ANY (CAST(? AS UUID[])))', [[...except]])
    .orderBy('w.id')
    .limit(count);
}

/** The same for replacements, by the id of their request. */
export async function listLostReplacements(
  tx: Tx,
  { after, except, count }: WantedPage,
): Promise<RequestPlace[]> {
  return await tx('tx_attempts as w')
    .distinct<RequestPlace[]>('w.tenant_id as tenantId', 'w.tx_request_id as id')
    .whereRaw(`w.state = 'pending_approval'`)
    .where('w.tx_request_id', '>', after ?? BEFORE_ALL)
    .whereRaw(HAS_ENOUGH_VOTES, { of: 'w.tx_request_id' })
    .whereRaw('NOT (w.tx_request_id = ANY (CAST(? AS UUID[])))', [[...except]])
    .orderBy('id')
    .limit(count);
}

/** Changes of all tenants that wait although somebody has approved them, by id; those whose time is over are left to end. */
export async function listApprovedInPart(
  tx: Tx,
  { after, except, count }: WantedPage,
): Promise<RequestPlace[]> {
  return await tx('changes as c')
    .select<RequestPlace[]>('c.tenant_id as tenantId', 'c.id')
    .whereRaw(`c.status = 'pending' AND c.expires_at > now()`)
    .where('c.id', '>', after ?? BEFORE_ALL)
    .whereRaw(IS_APPROVED)
    .whereRaw('NOT (c.id = ANY (CAST(? AS UUID[])))', [[...except]])
    .orderBy('c.id')
    .limit(count);
}

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** By the number of votes alone, for who counts is asked of identity. */
const HAS_ENOUGH_VOTES = `(SELECT count(*) FROM approvals a WHERE a.tenant_id = w.tenant_id AND a.tx_request_id = :of:
    AND a.intent_hash = w.intent_hash AND a.decision = 'approve')
  >= (SELECT min(g.required) FROM approver_groups g WHERE g.tenant_id = w.tenant_id AND g.tx_request_id = :of:
    AND g.intent_hash = w.intent_hash)`;

const IS_APPROVED = `EXISTS (SELECT 1 FROM change_approvals a
  WHERE a.tenant_id = c.tenant_id AND a.change_id = c.id AND a.decision = 'approve')`;
