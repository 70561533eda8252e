import { appError } from '@ironforge/contracts';
import type { AppError, TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findCertificateOf } from '../queries/audit-pruned-entries.ts';

/** Why an entry is not there: `entry_pruned` with its certificate, else `not_found`. */
export async function absenceOf(tx: Tx, tenantId: TenantId, id: string): Promise<AppError> {
  const certificate = await findCertificateOf(tx, tenantId, id);
  if (certificate === undefined) return appError('not_found');
  return appError('entry_pruned', { detail: `pruned: /v1/audit/deletion-certificates/${certificate}` });
}
