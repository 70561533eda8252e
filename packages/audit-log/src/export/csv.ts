/** One record of RFC 4180 without its line break: cells that need quotes have them. */
export function formatCsvRecord(cells: readonly string[]): string {
  return cells.map(quoted).join(',');
}

/** The cells of a record; null for a text that is none (RFC 4180). No expression matches whole cells: they may be longer than its stack. */
export function parseCsvRecord(record: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; at <= record.length; ) {
    const read = record[at] === '"' ? quotedCell(record, at + 1) : bareCell(record, at);
    if (read === null || (read.end < record.length && record[read.end] !== ',')) return null;
    cells.push(read.cell);
    at = read.end + 1;
  }
  return cells;
}

interface ReadCell {
  readonly cell: string;
  /** The place behind the cell. */
  readonly end: number;
}

function quotedCell(record: string, from: number): ReadCell | null {
  let quote = record.indexOf('"', from);
  while (quote >= 0 && record[quote + 1] === '"') quote = record.indexOf('"', quote + 2);
  if (quote < 0) return null;
  return { cell: record.slice(from, quote).replaceAll('""', '"'), end: quote + 1 };
}

function bareCell(record: string, from: number): ReadCell | null {
  const comma = record.indexOf(',', from);
  const end = comma < 0 ? record.length : comma;
  const cell = record.slice(from, end);
  return NEEDS_QUOTES.test(cell) ? null : { cell, end };
}

const NEEDS_QUOTES = /[",\r\n]/;

function quoted(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
