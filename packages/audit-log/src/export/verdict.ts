import type { ProvedCheckpoint, ProvedWitnesses } from '../bundle/verdict.ts';
import type { SignedCheckpointFlaw } from '../note/verify-checkpoint.ts';
import type { StatementFlaw } from '../note/statement.ts';
import type { RangeFlaw } from '../proof/fold-range.ts';
import type { ExportProofFlaw } from './export-proof.ts';
import type { ExportManifest } from './manifest.ts';

/** What was found of one part of an export: proved, refused (in which line, counted from 1), or neither and why. */
export type ExportPart<Proof> =
  | { readonly proved: Proof }
  | { readonly rejected: ExportFlaw; readonly line?: number }
  | { readonly unproved: ExportUnproved };

/** The log of this origin signed the manifest; `keyId` is eight hexadecimal digits. */
export interface ProvedManifest extends Omit<ExportManifest, 'root'> {
  readonly keyId: string;
  readonly rootBase64: string;
}

/** The bytes of the file are those that the manifest names. */
export type ProvedFile = Pick<ExportManifest, 'sizeBytes' | 'sha256Hex'>;

/** So many entries stand in the file, each as it was sealed if the rest holds. */
export interface ProvedLines {
  readonly entries: number;
  readonly tenantId: string;
}

/** The entries of the file are all leaves of the tree from the first number to the last. */
export type ProvedRange = Pick<ExportManifest, 'first' | 'last' | 'size'>;

/** What was proved of an export, part by part; plain JSON. */
export interface ExportVerdict {
  /** Nothing was refused; and of an export without a filter the tree was proved. */
  readonly isProved: boolean;
  readonly manifest: ExportPart<ProvedManifest>;
  readonly file: ExportPart<ProvedFile>;
  readonly lines: ExportPart<ProvedLines>;
  readonly checkpoint: ExportPart<ProvedCheckpoint>;
  readonly tree: ExportPart<ProvedRange>;
  readonly witnesses: ExportPart<ProvedWitnesses>;
}

/** Why a part was neither proved nor refused. */
export type ExportUnproved = 'stands_on_refused' | 'chosen_by_filter' | 'no_witness_key';

/** Why a part was refused. */
export type ExportFlaw =
  | ExportProofFlaw
  | StatementFlaw
  | SignedCheckpointFlaw
  | RangeFlaw
  | LineFlaw
  | 'other_checkpoint'
  | 'other_bytes'
  | 'other_count'
  | 'no_range'
  | 'range_with_filter'
  | 'not_cosigned';

/** Why a line is none of an export. */
export type LineFlaw =
  | 'line_too_long'
  | 'unfinished_line'
  | 'other_head'
  | 'malformed_line'
  | 'not_canonical'
  | 'columns_differ'
  | 'other_tenant'
  | 'other_number';
