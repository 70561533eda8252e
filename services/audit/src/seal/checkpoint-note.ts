import { appError } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findCosignedNote } from '../queries/audit-cosignatures.ts';

/**
 * The note of a checkpoint that something signed stands on, with the lines of its witnesses. Throws `checkpoint_missing`:
 * checkpoints are kept for good, so somebody took it out.
 */
export async function checkpointNote(tx: Tx, tenantId: TenantId, size: number): Promise<string> {
  const note = await findCosignedNote(tx, tenantId, size);
  if (note !== undefined) return note;
  throw appError('checkpoint_missing', { detail: `there is no checkpoint of size ${size} any more` });
}
