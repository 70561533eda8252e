import { formatManifest, formatNote, signNote } from '@ironforge/audit-log';
import { AppError, type Clock, present } from '@ironforge/kernel';
import type { ExportJobRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import canonicalize from 'canonicalize';
import { findCheckpointRoot } from '../seal/checkpoint-root.ts';
import type { LogSigners } from '../seal/log-signers.ts';
import { type ExportSource, isWhole } from './export-job.ts';
import { EXPORT_CHANGED } from './stored-pieces.ts';

/** An export that is made, and what its file came to. */
export interface MadeExport {
  readonly source: ExportSource;
  readonly row: Pick<ExportJobRow, 'created_by_type' | 'created_by_id'>;
  readonly entries: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** What the log says of an export, signed by its key: one query. Throws `export_changed` when the checkpoint that it stands on is gone. */
export async function signManifest(
  tx: Tx,
  { signers, clock }: { readonly signers: Pick<LogSigners, 'signerOf'>; readonly clock: Clock },
  { source, row, entries, sizeBytes, sha256: sha256Hex }: MadeExport,
): Promise<string> {
  const { tenantId, exportId, format, first, last, size } = source;
  const { signer } = signers.signerOf(tenantId);
  const root = await findCheckpointRoot(tx, tenantId, size);
  if (root === null)
    throw new AppError(EXPORT_CHANGED, { detail: `there is no checkpoint of size ${size} any more` });
  const text = formatManifest({
    origin: signer.name,
    ...{ exportId, format, first, last, entries, sizeBytes, sha256Hex, size },
    filter: present(canonicalize(leavesOut(source, entries)), 'canonical form of a filter'),
    root,
    createdAt: clock().toISOString(),
    createdBy: `${row.created_by_type}:${row.created_by_id}`,
  });
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

/** A whole range of which some entries were pruned says so, as a filter would: its lines are no longer all leaves of the tree. */
function leavesOut(source: ExportSource, entries: number): Readonly<Record<string, unknown>> {
  const isShort = isWhole(source) && entries < source.last - source.first + 1;
  return isShort ? { pruned: 'left_out' } : { ...source.filter };
}
