import type { Tx } from '@ironforge/store';

/** A request of any tenant. */
export interface RequestPlace {
  readonly tenantId: string;
  readonly id: string;
}

/** Requests of all tenants whose next time-out is over. */
export async function listOverdue(tx: Tx, count: number): Promise<RequestPlace[]> {
  return await tx('tx_requests')
    .select<RequestPlace[]>('tenant_id as tenantId', 'id')
    .whereRaw('expires_at <= now()')
    .orderBy('expires_at')
    .limit(count);
}

/** Since which heights nobody spoke of a request: of one that is in no block yet, and of one that is in a block. */
export interface Silence {
  readonly chainId: string;
  readonly belowUnmined: number;
  readonly belowMined: number;
}

/** Requests of all tenants, sent and not final, of which nobody spoke for too long. */
export async function listUnheard(
  tx: Tx,
  { chainId, belowUnmined, belowMined, count }: Silence & { readonly count: number },
): Promise<RequestPlace[]> {
  return await tx('tx_requests')
    .select<RequestPlace[]>('tenant_id as tenantId', 'id')
    .where({ chain_id: chainId, finalized_at: null })
    .whereIn('status', ['signed', 'broadcasted', 'confirmed', 'failed', 'cancelled'])
    .where('heard_at_height', '<', belowUnmined)
    .whereRaw('(block_height IS NULL OR heard_at_height < ?)', [belowMined])
    .orderBy('heard_at_height')
    .limit(count);
}
