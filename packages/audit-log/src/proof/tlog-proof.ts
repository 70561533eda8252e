import { assert } from '@ironforge/kernel';
import { parseNote } from '../note/note.ts';
import { formatBase64, parseBase64, parseCount, parseHashes } from '../text/encodings.ts';
import { cutAtEmptyLine, textOf } from '../text/lines.ts';
import { isHash } from '../tree/hashes.ts';
import { isTreeSize } from '../tree/size.ts';

/** Everything that shows one entry to be in a log, but for the entry and the keys. */
export interface TlogProof {
  readonly index: number;
  /** From the leaf's neighbour up to the child of the root. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note of the checkpoint, as the log and its witnesses made it. */
  readonly checkpoint: string;
  /** Bytes that nobody signed, for the application; empty when there are none. */
  readonly extra: Uint8Array;
}

/** Why a text is no proof in this form. */
export type TlogProofFlaw =
  | 'other_format'
  | 'malformed_extra'
  | 'malformed_index'
  | 'malformed_hash_line'
  | 'too_many_hashes'
  | 'no_checkpoint';

/** A proof taken apart, or why the text is none. */
export type TlogProofParse = { readonly proof: TlogProof } | { readonly rejected: TlogProofFlaw };

/** The longest way to a root: as many rows as an index has bits (C2SP tlog-witness has the same bound). */
export const MAX_PROOF_HASHES = 63;

/** Takes a proof apart (C2SP tlog-proof, Format); its checkpoint is left as it is. Never throws. */
export function parseTlogProof(text: string): TlogProofParse {
  if (!text.startsWith(`${FORMAT}\n`)) return { rejected: 'other_format' };
  const parts = cutAtEmptyLine(text);
  if (parts === null) return { rejected: 'no_checkpoint' };
  const [extraLine, [indexLine = '', ...hashLines]] = takeExtra(parts.lines.slice(1));
  const extra = extraLine === null ? NOTHING : parseBase64(extraLine.slice(EXTRA.length));
  if (extra === null || extraLine === EXTRA) return { rejected: 'malformed_extra' };
  const index = indexLine.startsWith(INDEX) ? parseCount(indexLine.slice(INDEX.length)) : null;
  if (index === null) return { rejected: 'malformed_index' };
  if (hashLines.length > MAX_PROOF_HASHES) return { rejected: 'too_many_hashes' };
  const hashes = parseHashes(hashLines);
  if (hashes === null) return { rejected: 'malformed_hash_line' };
  return { proof: { index, hashes, checkpoint: parts.rest, extra } };
}

/** The proof as a text (C2SP tlog-proof, Format). */
export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  assert(isTreeSize(index), 'an index is 0 to 2^53 - 1');
  assert(hashes.length <= MAX_PROOF_HASHES && hashes.every(isHash), 'a proof has at most 63 hashes');
  assert('note' in parseNote(checkpoint), 'the checkpoint of a proof is a signed note');
  const extraLines = extra.length === 0 ? [] : [`${EXTRA}${formatBase64(extra)}`];
  const lines = [FORMAT, ...extraLines, `${INDEX}${index}`, ...hashes.map(formatBase64)];
  return `${textOf(lines)}\n${checkpoint}`;
}

const FORMAT = 'c2sp.org/tlog-proof@v1';
const EXTRA = 'extra ';
const INDEX = 'index ';
const NOTHING = new Uint8Array();

function takeExtra(lines: string[]): [string | null, string[]] {
  const [first] = lines;
  return first?.startsWith(EXTRA) ? [first, lines.slice(1)] : [null, lines];
}
