/** One record of RFC 4180 without its line break: cells that need quotes have them. */
export function formatCsvRecord(cells: readonly string[]): string {
  return cells.map(quoted).join(',');
}

/** The cells of a record; null for a text that is none (RFC 4180). */
export function parseCsvRecord(record: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; at <= record.length; ) {
    CELL.lastIndex = at;
    const [whole, inQuotes, bare] = CELL.exec(record) ?? [];
    if (whole === undefined) return null;
    cells.push(inQuotes?.replaceAll('""', '"') ?? bare ?? '');
    at += whole.length;
    if (at < record.length && record[at] !== ',') return null;
    at += 1;
  }
  return cells;
}

/** True when a quote that was opened in this text is still open: the record goes on in the next line. */
export function isOpenRecord(text: string): boolean {
  return (text.split('"').length - 1) % 2 === 1;
}

const CELL = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
