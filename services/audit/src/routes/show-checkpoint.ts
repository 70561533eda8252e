import type { StoredCheckpoint } from '../queries/audit-checkpoints.ts';

/** A checkpoint as the API answers it. */
export function showCheckpoint({ size, note, sealed_at: sealedAt }: StoredCheckpoint) {
  return { size: Number(size), note, sealedAt: sealedAt.toISOString() };
}
