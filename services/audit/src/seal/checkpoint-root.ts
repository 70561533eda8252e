import { parseCheckpoint, parseNote } from '@ironforge/audit-log';
import { assert, present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findCheckpoint } from '../queries/audit-checkpoints.ts';

/** The root that the checkpoint of a size has signed; the checkpoint is there. */
export async function checkpointRoot(tx: Tx, tenantId: TenantId, size: number): Promise<Uint8Array> {
  const checkpoint = present(await findCheckpoint(tx, tenantId, size), 'the checkpoint of that size');
  const parsed = parseNote(checkpoint.note);
  assert('note' in parsed, 'a stored checkpoint is a signed note');
  const head = parseCheckpoint(parsed.note.text);
  assert('checkpoint' in head, 'a stored checkpoint has a root');
  return head.checkpoint.root;
}
