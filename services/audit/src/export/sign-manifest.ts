import { formatManifest, formatNote, signNote } from '@ironforge/audit-log';
import { type Clock, present } from '@ironforge/kernel';
import type { ExportJobRow } from '@ironforge/schema';
import canonicalize from 'canonicalize';
import type { LogSigners } from '../seal/log-signers.ts';
import { type ExportSource, isWhole } from './export-job.ts';

/** An export that is made, and what its file came to. */
export interface MadeExport {
  readonly source: ExportSource;
  readonly row: Pick<ExportJobRow, 'created_by_type' | 'created_by_id'>;
  readonly entries: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of the tree that it stands on, as it was signed. */
  readonly root: Uint8Array;
}

/** What the log says of an export, signed by its key. */
export function signManifest(
  { signers, clock }: { readonly signers: Pick<LogSigners, 'signerOf'>; readonly clock: Clock },
  { source, row, root, entries, sizeBytes, sha256: sha256Hex }: MadeExport,
): string {
  const { tenantId, exportId, format, first, last, size } = source;
  const { signer } = signers.signerOf(tenantId);
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
