import { branded, type TenantId } from '@ironforge/kernel';
import type { DomainEvent } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import type { Store, TransactionOptions, TransactionScope } from '@ironforge/store';

/** For work that locks the row that it decides about first; a request's end also locks its spending window, a hot row. */
export const LOCKING: TransactionOptions = { isolation: 'read committed' };

/**
 * Where drafts and approvals are stored: each makes a row of its own or locks its own request first, and asks nothing of what
 * others may change meanwhile (as a limit does), so those that come together share a transaction.
 */
export function sharedScope(
  { store }: Pick<OrchestratorDeps, 'store'>,
  tenantId: TenantId,
): TransactionScope {
  const scope = store.forTenant(tenantId);
  return { transaction: (work) => scope.together('requests', work) };
}

/** Where events of a tenant are handled: handlers lock the row that they decide about first, so read committed is right. */
export function lockingScope(store: Store, event: Pick<DomainEvent, 'tenantid'>): TransactionScope {
  const scope = store.forTenant(branded<TenantId>(event.tenantid));
  return { transaction: (work) => scope.transaction(work, LOCKING) };
}
