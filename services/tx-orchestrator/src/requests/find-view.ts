import type { UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { findVisible, lockVisible } from './find-visible.ts';
import { type RequestView, viewWith } from './view.ts';

/** A request that the caller may see, with all that is shown of it: one round trip. Throws `not_found`. */
export async function findView(tx: Tx, caller: UserCaller, id: string): Promise<RequestView> {
  return await viewWith(tx, { tenantId: caller.tenantId, id }, findVisible(tx, caller, id));
}

/** The same, locked until the transaction ends: what belongs to it is read behind the lock. */
export async function lockView(tx: Tx, caller: UserCaller, id: string): Promise<RequestView> {
  return await viewWith(tx, { tenantId: caller.tenantId, id }, lockVisible(tx, caller, id));
}
