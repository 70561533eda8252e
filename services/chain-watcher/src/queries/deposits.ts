import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { StoredTransaction } from './transactions.ts';

/** A page of what came in: of a tenant, of one of its users unless he sees all, and of what was asked for. */
export interface Listing {
  readonly tenantId: string;
  readonly userId: string | null;
  /** Values by column. */
  readonly filter: Readonly<Record<string, string>>;
  readonly after: RowPlace | null;
  readonly count: number;
}

/** What came in, newest first. */
export async function listDeposits(
  tx: Tx,
  { tenantId, userId, filter, after, count }: Listing,
): Promise<StoredTransaction[]> {
  const query = tx('transactions')
    .select<StoredTransaction[]>()
    .where({ tenant_id: tenantId, direction: 'in', ...filter })
    .orderByRaw('block_time DESC, id DESC')
    .limit(count);
  if (userId !== null) void query.whereRaw(OF_USER, [tenantId, userId]);
  if (after !== null) void query.whereRaw('(block_time, id) < (?, ?)', [after.createdAt, after.id]);
  return await query;
}

/** What only the wallets of one user hold. */
const OF_USER = 'wallet_id IN (SELECT wallet_id FROM watched_addresses WHERE tenant_id = ? AND user_id = ?)';
