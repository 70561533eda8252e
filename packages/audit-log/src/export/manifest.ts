import type { LogKey } from '../note/keys.ts';
import {
  formatStatement,
  type StatementFlaw,
  type StatementForm,
  verifyStatement,
} from '../note/statement.ts';
import { formatBase64, isCount, isHashHex, parseCount, parseHash } from '../text/encodings.ts';
import { EXPORT_FORMATS, type ExportFormat } from './export-text.ts';

/** What a log says of an export of its entries. */
export interface ExportManifest {
  readonly origin: string;
  readonly exportId: string;
  readonly format: ExportFormat;
  /** Canonical JSON (RFC 8785) of what chose among the entries; `{}` where all of them are in the file. */
  readonly filter: string;
  /** The numbers among which was chosen, both included. */
  readonly first: number;
  readonly last: number;
  /** So many entries are in the file. */
  readonly entries: number;
  readonly sizeBytes: number;
  readonly sha256Hex: string;
  /** The tree that it stands on. */
  readonly size: number;
  readonly root: Uint8Array;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** Who asked for it: `user:<id>`. */
  readonly createdBy: string;
}

/** A manifest that a log signed, or why it counts for nothing. */
export type ManifestVerdict =
  | { readonly manifest: ExportManifest; readonly signedBy: LogKey }
  | { readonly rejected: StatementFlaw };

/** The text of a manifest, which is what is signed. */
export function formatManifest(manifest: ExportManifest): string {
  const { origin, exportId, format, filter, createdAt, createdBy } = manifest;
  return formatStatement(FORM, {
    ...{ origin, format, filter },
    export: exportId,
    sequences: `${manifest.first} ${manifest.last}`,
    entries: String(manifest.entries),
    bytes: String(manifest.sizeBytes),
    sha256: manifest.sha256Hex,
    size: String(manifest.size),
    root: formatBase64(manifest.root),
    created: createdAt,
    by: createdBy,
  });
}

/** Checks that the log of one of these keys signed a manifest; never throws. */
export function verifyManifest(signed: string, logKeys: readonly LogKey[]): ManifestVerdict {
  const verdict = verifyStatement(signed, FORM, logKeys);
  if ('rejected' in verdict) return verdict;
  const { valueOf, signedBy } = verdict;
  const [first, last, ...more] = valueOf('sequences').split(' ').map(parseCount);
  const [entries, sizeBytes, size] = (['entries', 'bytes', 'size'] as const).map((name) =>
    parseCount(valueOf(name)),
  );
  const format = EXPORT_FORMATS.find((one) => one === valueOf('format'));
  const [root, sha256Hex] = [parseHash(valueOf('root')), valueOf('sha256')];
  if (!isCount(first) || !isCount(last) || !isCount(entries) || !isCount(sizeBytes) || !isCount(size))
    return MALFORMED;
  if (more.length > 0 || format === undefined || root === null || !isHashHex(sha256Hex)) return MALFORMED;
  const told = { origin: valueOf('origin'), exportId: valueOf('export'), format, filter: valueOf('filter') };
  const counted = { first, last, entries, sizeBytes, sha256Hex, size, root };
  if (!isPossible({ ...told, ...counted })) return MALFORMED;
  return {
    manifest: { ...told, ...counted, createdAt: valueOf('created'), createdBy: valueOf('by') },
    signedBy,
  };
}

/** Of a whole range the tree shows how many entries there are, not the manifest: nobody may say of five that they are ten. */
function isPossible({ filter, first, last, entries, size }: Omit<ExportManifest, 'createdAt' | 'createdBy'>) {
  const numbers = last - first + 1;
  const isRange = first >= 1 && first <= last && last <= size;
  return isRange && (filter === '{}' ? entries === numbers : entries <= numbers);
}

const MALFORMED = { rejected: 'malformed_statement' } as const;

const NAMES = [
  'export',
  'format',
  'filter',
  'sequences',
  'entries',
  'bytes',
  'sha256',
  'size',
  'root',
  'created',
  'by',
] as const;

const FORM: StatementForm<(typeof NAMES)[number]> = { format: 'ironforge/audit-export@v1', names: NAMES };
