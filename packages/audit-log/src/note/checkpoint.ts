import { assert } from '@ironforge/kernel';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { formatBase64, parseCount, parseHash } from '../text/encodings.ts';
import { linesOf, textOf } from '../text/lines.ts';
import { isHash } from '../tree/hashes.ts';
import { isTreeSize } from '../tree/size.ts';
import { isNoteText } from './note.ts';

/** The head of a log: whose tree it is, how many leaves it has, its root; extensions are lines that no monitor checks. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly extensions: readonly string[];
}

/** Why the text of a note is no checkpoint. */
export type CheckpointFlaw =
  | 'malformed_lines'
  | 'malformed_origin'
  | 'malformed_size'
  | 'malformed_root'
  | 'malformed_extension';

/** A checkpoint taken apart, or why the text is none. */
export type CheckpointParse = { readonly checkpoint: Checkpoint } | { readonly rejected: CheckpointFlaw };

/** Takes the text of a note apart as a checkpoint (C2SP tlog-checkpoint, Note text); never throws. */
export function parseCheckpoint(text: string): CheckpointParse {
  const [origin, sizeLine, rootLine, ...extensions] = (isNoteText(text) ? linesOf(text) : null) ?? [];
  if (origin === undefined || sizeLine === undefined || rootLine === undefined) {
    return { rejected: 'malformed_lines' };
  }
  if (!isOrigin(origin)) return { rejected: 'malformed_origin' };
  const size = parseCount(sizeLine);
  if (size === null) return { rejected: 'malformed_size' };
  const root = parseHash(rootLine);
  if (root === null) return { rejected: 'malformed_root' };
  if (extensions.includes('')) return { rejected: 'malformed_extension' };
  return { checkpoint: { origin, size, root, extensions } };
}

/** The text of a checkpoint, which is what is signed (C2SP tlog-checkpoint, Note text). */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, String(size), formatBase64(root), ...extensions];
  const text = textOf(lines);
  assert(isOrigin(origin) && isTreeSize(size) && isHash(root), 'a checkpoint has origin, size and root');
  assert(isNoteText(text) && lines.every(isLine), 'a checkpoint is made of lines');
  return text;
}

/** The longest origin that the formats built on checkpoints can bear (C2SP tlog-cosignature, log_origin). */
const MAX_ORIGIN_BYTES = 255;

function isOrigin(origin: string): boolean {
  return isLine(origin) && utf8ToBytes(origin).length <= MAX_ORIGIN_BYTES;
}

function isLine(text: string): boolean {
  return text !== '' && !text.includes('\n');
}
