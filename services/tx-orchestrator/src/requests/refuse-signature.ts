import type { AppError, TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { securityEvent } from './security-events.ts';

/** Whose signature is refused. */
export interface RefusedSignature {
  readonly tenantId: TenantId;
  readonly requestId: string;
  readonly leaseId: string;
  readonly cause: Cause;
}

/** Stores nothing of refused bytes but a security event that names the fields; gives the refusal back. */
export async function refuseSignature(
  deps: OrchestratorDeps,
  { tenantId, requestId, leaseId, cause }: RefusedSignature,
  { error }: { readonly error: AppError },
): Promise<AppError> {
  const fields = error.errors.map(({ field, code }) => field ?? code);
  const data = { requestId, leaseId, code: error.code, fields };
  const message = securityEvent(deps, 'security.signature_refused', { tenantId, cause, data });
  await deps.store.forTenant(tenantId).transaction((tx) => deps.outbox.add(tx, [message]), {
    isolation: 'read committed',
  });
  deps.telemetry.countRefusedSignature(error.code);
  return error;
}
