import type { ShownExport } from '../queries/export-jobs.ts';

/** An export as the API answers it. */
export function showExport(row: ShownExport) {
  const [first, last] = [Number(row.first_sequence), Number(row.last_sequence)];
  return {
    id: row.id,
    status: row.status,
    reason: row.reason,
    format: row.format,
    filter: row.filter,
    fromSequence: first,
    toSequence: last,
    checkpointSize: Number(row.checkpoint_size),
    progress: { entries: Number(row.searched_sequence) - first + 1, of: last - first + 1 },
    entries: Number(row.entries),
    parts: Number(row.parts),
    sizeBytes: Number(row.size_bytes),
    sha256: row.sha256,
    createdBy: { type: row.created_by_type, id: row.created_by_id },
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
