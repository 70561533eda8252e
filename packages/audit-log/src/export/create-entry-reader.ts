import { utf8ToBytes } from '@noble/hashes/utils.js';
import { foldRange, type RangeFlaw } from '../proof/fold-range.ts';
import { leafHash } from '../tree/hashes.ts';
import type { RangeProof } from '../tree/range-path.ts';
import { type CheckedLine, checkLine } from './check-line.ts';
import { createLineSplitter } from './create-line-splitter.ts';
import { exportHead } from './export-text.ts';
import type { ExportManifest } from './manifest.ts';
import type { ExportPart, LineFlaw, ProvedLines } from './verdict.ts';

/** What was read of the entries of an export. */
export interface EntriesRead {
  readonly lines: ExportPart<ProvedLines>;
  /** Whether they are all leaves of a range; null where the proof says nothing of a range. */
  readonly range: 'ok' | RangeFlaw | null;
}

/** Takes the bytes of an export and checks line after line, up to the first that is none. */
export interface EntryReader {
  readonly add: (chunk: Uint8Array) => void;
  readonly end: () => EntriesRead;
}

/** Reads the entries of an export as its manifest says that they are. */
export function createEntryReader(manifest: ExportManifest, range: RangeProof | null): EntryReader {
  const { format, first, size, root } = manifest;
  const splitter = createLineSplitter(format);
  const fold = range === null ? null : foldRange({ first: first - 1, size, root, proof: range });
  const order = createOrder(manifest);
  let lines = 0;
  let flaw: LineFlaw | null = null;
  let needsHead = exportHead(format) !== '';
  return {
    add: (chunk) => {
      for (const line of flaw === null ? splitter.add(chunk) : []) {
        lines += 1;
        flaw = take(line);
        if (flaw !== null) return;
      }
    },
    end: () => ({ lines: linesPart(), range: fold?.verdict() ?? null }),
  };

  function take(line: string | null): LineFlaw | null {
    if (line === null) return 'malformed_line';
    if (needsHead) {
      needsHead = false;
      return `${line}\n` === exportHead(format) ? null : 'other_head';
    }
    const checked = checkLine(line, manifest);
    if ('rejected' in checked) return checked.rejected;
    if (!order.isNext(checked)) return 'other_number';
    fold?.add(leafHash(utf8ToBytes(checked.canonical)));
    return null;
  }

  function linesPart(): ExportPart<ProvedLines> {
    if (flaw !== null) return { rejected: flaw, line: lines };
    if (splitter.isUnfinished()) return { rejected: 'unfinished_line', line: lines + 1 };
    if (needsHead) return { rejected: 'other_head', line: 1 };
    if (order.taken() !== manifest.entries) return { rejected: 'other_count' };
    const tenantId = manifest.origin.slice(manifest.origin.lastIndexOf('/') + 1);
    return { proved: { entries: manifest.entries, tenantId } };
  }
}

/** Without a filter number follows number; what a filter chose only ascends within its range. */
function createOrder({ filter, first, last }: ExportManifest) {
  const isWhole = filter === '{}';
  let before = first - 1;
  let taken = 0;
  return {
    taken: () => taken,
    isNext: ({ sequence }: CheckedLine): boolean => {
      const isNext = isWhole ? sequence === before + 1 : sequence > before;
      if (!isNext || sequence > last) return false;
      before = sequence;
      taken += 1;
      return true;
    },
  };
}
