import { appError } from '@ironforge/contracts';
import type { UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { OrchestratorDeps } from '../deps.ts';
import { findRequest, lockRequest, type RequestRow } from '../queries/tx-requests.ts';
import { ownerFilter } from './own-only.ts';

/** A request that the caller may see. Throws `not_found`. */
export async function findVisible(tx: Tx, caller: UserCaller, id: string): Promise<RequestRow> {
  const row = await findRequest(tx, caller.tenantId, { id, ownerId: ownerFilter(caller) });
  if (row === undefined) throw appError('not_found');
  return row;
}

/** The same, in a transaction of its own. */
export async function readVisible(
  { store }: Pick<OrchestratorDeps, 'store'>,
  caller: UserCaller,
  id: string,
): Promise<RequestRow> {
  const scope = store.forTenant(caller.tenantId);
  return await scope.read((tx) => findVisible(tx, caller, id));
}

/** A request that the caller may see, locked until the transaction ends. Throws `not_found`. */
export async function lockVisible(tx: Tx, caller: UserCaller, id: string): Promise<RequestRow> {
  const row = await lockRequest(tx, caller.tenantId, id);
  const ownerId = ownerFilter(caller);
  if (row === undefined || (ownerId !== null && row.user_id !== ownerId)) throw appError('not_found');
  return row;
}
