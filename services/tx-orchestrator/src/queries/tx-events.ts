import type { TxEventRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** The transitions of a request after a version, oldest first. */
export async function listEvents(
  tx: Tx,
  tenantId: string,
  filter: { readonly requestId: string; readonly afterVersion: number; readonly count: number },
): Promise<TxEventRow[]> {
  return await tx('tx_events')
    .select<TxEventRow[]>(
      'tenant_id',
      'tx_request_id',
      'version',
      'type',
      'data',
      'actor_type',
      'actor_id',
      'created_at',
    )
    .where({ tenant_id: tenantId, tx_request_id: filter.requestId })
    .where('version', '>', filter.afterVersion)
    .orderBy('version')
    .limit(filter.count);
}
