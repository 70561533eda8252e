import { parseJson } from '@ironforge/kernel';
import { type Fields, fieldsOf } from '../bundle/fields.ts';
import { formatCsvRecord, parseCsvRecord } from './csv.ts';

/** In what an export is written. */
export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;

/** `jsonl`: a line for each entry, its canonical text (RFC 8785). `csv`: RFC 4180, that text in the last column. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What stands before the first entry. */
export function exportHead(format: ExportFormat): string {
  return format === 'jsonl' ? '' : `${formatCsvRecord([...COLUMNS.keys(), ENTRY])}\r\n`;
}

/** One entry, from its canonical text, with its line break. */
export function exportLine(format: ExportFormat, canonical: string): string {
  return format === 'jsonl' ? `${canonical}\n` : `${csvRecordOf(canonical)}\r\n`;
}

/** The canonical text that stands in the last column of a record; null for what is no record. */
export function entryInRecord(record: string): string | null {
  const cells = parseCsvRecord(record);
  return cells?.length === COLUMNS.size + 1 ? (cells.at(-1) ?? null) : null;
}

/** The columns before the last, and what of an entry stands in each. */
const COLUMNS: ReadonlyMap<string, (entry: Fields) => unknown> = new Map([
  ...['sequence', 'occurredAt', 'type', 'action', 'status', 'resourceType', 'resourceId'].map(plain),
  ['actorType', (entry) => fieldsOf(entry.get('actor'))?.get('type')],
  ['actorId', (entry) => fieldsOf(entry.get('actor'))?.get('id')],
  ...['requestId', 'chainId', 'txHash', 'id', 'eventId'].map(plain),
]);
const ENTRY = 'entry';
const NOTHING: Fields = new Map();

function plain(name: string): [string, (entry: Fields) => unknown] {
  return [name, (entry) => entry.get(name)];
}

function csvRecordOf(canonical: string): string {
  const entry = fieldsOf(parseJson(canonical)) ?? NOTHING; // a text that was changed may be none
  const cells = [...COLUMNS.values()].map((read) => defused(cellOf(read(entry))));
  return formatCsvRecord([...cells, canonical]);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A spreadsheet takes what begins so for a formula; behind an apostrophe it is text (OWASP, CSV Injection). */
function defused(cell: string): string {
  return /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
}
