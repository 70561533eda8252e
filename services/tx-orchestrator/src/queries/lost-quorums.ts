import type { Tx } from '@ironforge/store';
import type { RequestPlace, Wanted } from './overdue-requests.ts';

/** Requests of all tenants that wait for approval although they had their quorum once, by id. */
export async function listLostQuorums(
  tx: Tx,
  { after, except, count }: Wanted & { readonly after: string | undefined },
): Promise<RequestPlace[]> {
  return await tx('tx_requests as r')
    .select<RequestPlace[]>('r.tenant_id as tenantId', 'r.id')
    .whereRaw(`r.status = 'pending_approval'`)
    .where('r.id', '>', after ?? BEFORE_ALL)
    .whereRaw(HAD_QUORUM)
    .whereRaw('NOT (r.id = ANY (CAST(? AS UUID[])))', [[...except]])
    .orderBy('r.id')
    .limit(count);
}

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const HAD_QUORUM = `EXISTS (SELECT 1 FROM tx_events e
  WHERE e.tenant_id = r.tenant_id AND e.tx_request_id = r.id AND e.type = 'quorum_lost')`;
