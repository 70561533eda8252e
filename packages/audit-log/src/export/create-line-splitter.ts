import { concatBytes } from '@noble/hashes/utils.js';

/** Takes bytes as they come and gives the lines that they end, as text without the line feed. */
export interface LineSplitter {
  /** Null for a line that is no UTF-8, or longer than any entry. */
  readonly add: (chunk: Uint8Array) => readonly (string | null)[];
  /** True when the last line has no end. */
  readonly isUnfinished: () => boolean;
}

/** Splits at line feeds, and for CSV at those outside of quotes (RFC 4180). It holds one line at most, and looks at each byte once. */
export function createLineSplitter(format: 'jsonl' | 'csv'): LineSplitter {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let isInQuotes = false;
  return { add, isUnfinished: () => restBytes > 0 };

  function add(chunk: Uint8Array): (string | null)[] {
    const lines: (string | null)[] = [];
    let [from, looked] = [0, 0];
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, looked)) {
      lookForQuotes(chunk.subarray(looked, at));
      looked = at + 1;
      if (isInQuotes && restBytes + at - from <= MAX_LINE_BYTES) continue;
      keep(chunk.subarray(from, at));
      lines.push(textOf(rest, restBytes));
      [rest, restBytes, isInQuotes, from] = [[], 0, false, looked];
    }
    lookForQuotes(chunk.subarray(looked));
    keep(chunk.subarray(from));
    return lines;
  }

  /** A quote in a quoted cell is written twice, so that each one opens or ends. */
  function lookForQuotes(bytes: Uint8Array): void {
    if (format === 'csv' && countOf(QUOTE, bytes) % 2 === 1) isInQuotes = !isInQuotes;
  }

  /** Of what is too long only its length is kept. */
  function keep(bytes: Uint8Array): void {
    restBytes += bytes.length;
    if (restBytes > MAX_LINE_BYTES) rest = [];
    else if (bytes.length > 0) rest.push(bytes.slice());
  }
}

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
/** Far beyond what the API lets into an entry. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

function countOf(byte: number, bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) count += 1;
  return count;
}

function textOf(parts: readonly Uint8Array[], length: number): string | null {
  if (length > MAX_LINE_BYTES) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(concatBytes(...parts));
  } catch {
    return null;
  }
}
