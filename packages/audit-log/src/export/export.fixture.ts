import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { logOf } from '../bundle/log.fixture.ts';
import type { Trust } from '../bundle/trust.ts';
import { formatNote } from '../note/note.ts';
import { signNote } from '../note/sign-note.ts';
import { formatBase64 } from '../text/encodings.ts';
import { obviousFlanks, obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { createExportVerifier } from './create-export-verifier.ts';
import { type ExportFormat, exportHead, exportLine } from './export-text.ts';
import { type ExportManifest, formatManifest } from './manifest.ts';

/** Which entries are exported of a log, in what, and what is said otherwise than it is. */
export interface Wish {
  readonly format: ExportFormat;
  readonly first: number;
  readonly last: number;
  readonly size: number;
  /** Numbers of those that a filter chose; all of the range otherwise. */
  readonly chosen?: readonly number[];
  readonly said?: Partial<ExportManifest>;
}

/** An export as an installation answers it: the file in pieces, and what proves it. */
export function exportOf(log: ReturnType<typeof logOf>, wish: Wish) {
  const { format, first, last, size, chosen, said } = wish;
  const texts = log.texts.filter((_, at) => at + 1 >= first && at + 1 <= last);
  const wanted = chosen === undefined ? texts : chosen.map((number) => log.texts[number - 1] ?? '');
  const lines = wanted.map((text) => exportLine(format, text));
  const file = [exportHead(format), ...lines].join('');
  const manifest: ExportManifest = {
    origin: log.signer.name,
    exportId: 'e1',
    format,
    filter: chosen === undefined ? '{}' : '{"type":"wallet_updated"}',
    ...{ first, last, entries: wanted.length, size },
    sizeBytes: utf8ToBytes(file).length,
    sha256Hex: bytesToHex(sha256(utf8ToBytes(file))),
    root: obviousRoot(log.leaves.slice(0, size)),
    createdAt: '2026-01-02T03:04:05.678Z',
    createdBy: 'user:u1',
    ...said,
  };
  const text = formatManifest(manifest);
  const range = obviousFlanks(first - 1, last, log.leaves.slice(0, size));
  const proof = {
    manifest: formatNote({ text, signatures: [signNote(text, log.signer)] }),
    checkpoint: log.noteOf(size),
    ...(chosen === undefined
      ? { range: { left: range.left.map(formatBase64), right: range.right.map(formatBase64) } }
      : {}),
  };
  return { file, lines, proof, manifest };
}

/** The verdict on a file, told in pieces of so many bytes. */
export function judged(file: string, proof: unknown, { trust, pieceBytes = 50 }: Judging) {
  const verifier = createExportVerifier(utf8ToBytes(JSON.stringify(proof)), trust);
  const bytes = utf8ToBytes(file);
  for (let at = 0; at < bytes.length; at += pieceBytes) verifier.add(bytes.subarray(at, at + pieceBytes));
  return verifier.end();
}

interface Judging {
  readonly trust: Trust;
  readonly pieceBytes?: number;
}
