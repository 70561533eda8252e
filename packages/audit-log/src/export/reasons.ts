import { FLAW_TEXTS } from '../bundle/reasons.ts';
import type { ExportFlaw, ExportUnproved } from './verdict.ts';

/** Why a part of an export was refused, for people. */
export const EXPORT_FLAW_TEXTS: Readonly<Record<ExportFlaw, string>> = {
  ...FLAW_TEXTS,
  no_manifest: 'this is no proof of an export: { manifest, checkpoint, range? }',
  malformed_range: 'range is not { left, right } with hashes',
  other_statement: 'the manifest is a signed note of another form than ironforge/audit-export@v1',
  malformed_statement: 'the manifest lacks a line, has one too many, or says what cannot be',
  other_checkpoint: 'the checkpoint is not the one that the manifest names',
  other_bytes: 'the file is not the one that the manifest names: it was changed, cut, or is another',
  other_count: 'the file has more or fewer entries than the manifest says',
  no_range: 'the manifest says that nothing was left out, and the hashes that show it are missing',
  range_with_filter: 'a filter chose the entries, so that no hashes can show them to be all',
  line_too_long: 'the line is longer than any entry',
  unfinished_line: 'the line has no end: the file was cut',
  other_head: 'the first line does not name the columns',
  malformed_line: 'the line holds no entry',
  not_canonical: 'the entry is not written in its one form (RFC 8785)',
  columns_differ: 'the columns say something else than the entry in the last one',
  other_tenant: 'the entry is of another tenant than the log',
  other_number: 'the entry bears another number than the one that comes next',
  malformed_text: 'manifest or checkpoint is no signed note',
  wrong_root: 'the entries do not lead to the root that was signed: one is missing, added or changed',
};

/** Why a part of an export was neither proved nor refused, for people. */
export const EXPORT_UNPROVED_TEXTS: Readonly<Record<ExportUnproved, string>> = {
  stands_on_refused: 'not looked at, since what it stands on does not hold',
  chosen_by_filter:
    "a filter chose: that each entry is in the log, and none that fits is left out, is the word of the log's key",
  no_witness_key: 'no key of a witness was given',
};
