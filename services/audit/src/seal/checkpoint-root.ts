import { parseCheckpoint, parseNote } from '@ironforge/audit-log';
import { present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findCheckpoint } from '../queries/audit-checkpoints.ts';

/** The root that the checkpoint of a size has signed; the checkpoint is there. */
export async function checkpointRoot(tx: Tx, tenantId: TenantId, size: number): Promise<Uint8Array> {
  return present(await findCheckpointRoot(tx, tenantId, size), 'the root in the checkpoint of that size');
}

/** The same, or null when the checkpoint is not there any more, or is no signed note. */
export async function findCheckpointRoot(
  tx: Tx,
  tenantId: TenantId,
  size: number,
): Promise<Uint8Array | null> {
  const checkpoint = await findCheckpoint(tx, tenantId, size);
  const parsed = parseNote(checkpoint?.note ?? '');
  if (!('note' in parsed)) return null;
  const head = parseCheckpoint(parsed.note.text);
  return 'checkpoint' in head ? head.checkpoint.root : null;
}
