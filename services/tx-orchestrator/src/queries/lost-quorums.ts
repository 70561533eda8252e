import type { Tx } from '@ironforge/store';
import type { RequestPlace, Wanted } from './overdue-requests.ts';

/** A page of places, in the order of their ids. */
export type WantedPage = Wanted & { readonly after: string | undefined };

/** Requests of all tenants that wait for approval although they had their quorum once, by id. */
export async function listLostQuorums(tx: Tx, { after, except, count }: WantedPage): Promise<RequestPlace[]> {
  return await tx('tx_requests as r')
    .select<RequestPlace[]>('r.tenant_id as tenantId', 'r.id')
    .whereRaw(`r.status = 'pending_approval'`)
    .where('r.id', '>', after ?? BEFORE_ALL)
    .whereRaw(HAD_QUORUM)
    .whereRaw('NOT (r.id = ANY (CAST(? AS UUID[])))', [[...except]])
    .orderBy('r.id')
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

const HAD_QUORUM = `EXISTS (SELECT 1 FROM tx_events e
  WHERE e.tenant_id = r.tenant_id AND e.tx_request_id = r.id AND e.type = 'quorum_lost')`;

const IS_APPROVED = `EXISTS (SELECT 1 FROM change_approvals a
  WHERE a.tenant_id = c.tenant_id AND a.change_id = c.id AND a.decision = 'approve')`;
