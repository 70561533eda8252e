import { concatBytes } from '@noble/hashes/utils.js';
import { isOpenRecord } from './csv.ts';

/** Takes bytes as they come and gives the lines that they end, as text without the line feed. */
export interface LineSplitter {
  /** Null for a line that is no UTF-8, or longer than any entry. */
  readonly add: (chunk: Uint8Array) => readonly (string | null)[];
  /** True when the last line has no end. */
  readonly isUnfinished: () => boolean;
}

/** Splits at line feeds, and for CSV at those outside of quotes (RFC 4180). It holds one line at most. */
export function createLineSplitter(format: 'jsonl' | 'csv'): LineSplitter {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  return { add, isUnfinished: () => restBytes > 0 };

  function add(chunk: Uint8Array): (string | null)[] {
    const lines: (string | null)[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      keep(chunk.subarray(from, at));
      from = at + 1;
      const text = textOf(rest, restBytes);
      if (text !== null && format === 'csv' && isOpenRecord(text)) {
        keep(Uint8Array.of(LINE_FEED));
        continue;
      }
      lines.push(text);
      [rest, restBytes] = [[], 0];
    }
    keep(chunk.subarray(from));
    return lines;
  }

  /** Of what is too long only its length is kept. */
  function keep(bytes: Uint8Array): void {
    restBytes += bytes.length;
    if (restBytes > MAX_LINE_BYTES) rest = [];
    else if (bytes.length > 0) rest.push(bytes.slice());
  }
}

const LINE_FEED = 0x0a;
/** Far beyond what the API lets into an entry. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

function textOf(parts: readonly Uint8Array[], length: number): string | null {
  if (length > MAX_LINE_BYTES) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(concatBytes(...parts));
  } catch {
    return null;
  }
}
