import type { UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { OrchestratorDeps } from '../deps.ts';
import { findVisible, lockVisible } from './find-visible.ts';
import { type BareView, bareViewWith, type RequestView, viewAtOnce, viewWith } from './view.ts';

/** A request that the caller may see, with all that is shown of it: one round trip. Throws `not_found`. */
export async function findView(tx: Tx, caller: UserCaller, id: string): Promise<RequestView> {
  return await viewAtOnce(tx, { tenantId: caller.tenantId, id }, findVisible(tx, caller, id));
}

/** The same without the chain's height and the gap below, which are only shown: one round trip. Throws `not_found`. */
export async function findBareView(tx: Tx, caller: UserCaller, id: string): Promise<BareView> {
  return await bareViewWith(tx, { tenantId: caller.tenantId, id }, findVisible(tx, caller, id));
}

/** The same, in a transaction of its own. */
export async function readBareView(
  { store }: Pick<OrchestratorDeps, 'store'>,
  caller: UserCaller,
  id: string,
): Promise<BareView> {
  return await store.forTenant(caller.tenantId).read((tx) => findBareView(tx, caller, id));
}

/** A request with all that is shown of it, locked until the transaction ends: what belongs to it is read behind the lock. */
export async function lockView(tx: Tx, caller: UserCaller, id: string): Promise<RequestView> {
  return await viewWith(tx, { tenantId: caller.tenantId, id }, lockVisible(tx, caller, id));
}
