import { assert } from '@ironforge/kernel';
import { parseNote } from '../note/note.ts';
import { formatBase64, parseCount, parseHashes } from '../text/encodings.ts';
import { cutAtEmptyLine, linesOf, textOf } from '../text/lines.ts';
import { isHash } from '../tree/hashes.ts';
import { isTreeSize } from '../tree/size.ts';
import { MAX_PROOF_HASHES } from './tlog-proof.ts';

/** What a log asks a witness: to cosign a checkpoint that goes on from one of `oldSize` leaves. */
export interface AddCheckpoint {
  readonly oldSize: number;
  /** The consistency proof, empty from size 0. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note of the checkpoint. */
  readonly checkpoint: string;
}

/** Why a body is no such request. */
export type AddCheckpointFlaw =
  | 'no_checkpoint'
  | 'malformed_old_size'
  | 'malformed_hash_line'
  | 'too_many_hashes';

/** A request taken apart, or why the body is none. */
export type AddCheckpointParse =
  | { readonly request: AddCheckpoint }
  | { readonly rejected: AddCheckpointFlaw };

/** Takes the body of a request to a witness apart (C2SP tlog-witness, add-checkpoint); its checkpoint is left as it is. Never throws. */
export function parseAddCheckpoint(body: string): AddCheckpointParse {
  const parts = cutAtEmptyLine(body);
  if (parts === null) return { rejected: 'no_checkpoint' };
  const [oldLine = '', ...hashLines] = parts.lines;
  const oldSize = oldLine.startsWith(OLD) ? parseCount(oldLine.slice(OLD.length)) : null;
  if (oldSize === null) return { rejected: 'malformed_old_size' };
  if (hashLines.length > MAX_PROOF_HASHES) return { rejected: 'too_many_hashes' };
  const hashes = parseHashes(hashLines);
  return hashes === null
    ? { rejected: 'malformed_hash_line' }
    : { request: { oldSize, hashes, checkpoint: parts.rest } };
}

/** The body of a request to a witness (C2SP tlog-witness, add-checkpoint). */
export function formatAddCheckpoint({ oldSize, hashes, checkpoint }: AddCheckpoint): string {
  assert(isTreeSize(oldSize), 'a size is 0 to 2^53 - 1');
  assert(hashes.length <= MAX_PROOF_HASHES && hashes.every(isHash), 'a proof has at most 63 hashes');
  assert('note' in parseNote(checkpoint), 'the checkpoint of a request is a signed note');
  return `${textOf([`${OLD}${oldSize}`, ...hashes.map(formatBase64)])}\n${checkpoint}`;
}

/** The size that a witness last cosigned, as it answers with 409 (C2SP tlog-witness, add-checkpoint); null for any other text. */
export function parseWitnessSize(body: string): number | null {
  const [line = '', ...more] = linesOf(body) ?? [];
  return more.length === 0 ? parseCount(line) : null;
}

const OLD = 'old ';
