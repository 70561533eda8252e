import { type Checkpoint, parseCheckpoint } from '../note/checkpoint.ts';
import type { LogKey } from '../note/keys.ts';
import { parseNote, type SignedNote } from '../note/note.ts';
import { verifyNote } from '../note/verify-note.ts';
import { parseAddCheckpoint } from '../proof/add-checkpoint.ts';
import { verifyConsistency } from '../proof/verify-consistency.ts';
import { emptyRoot, sameBytes } from '../tree/hashes.ts';

/** The head that a witness last cosigned of a log. */
export type WitnessedHead = Pick<Checkpoint, 'size' | 'root'>;

/** What a witness knows: the keys of the logs that it follows, and the head that it last cosigned of each, or null. */
export interface WitnessKnowledge {
  readonly logKeys: readonly LogKey[];
  readonly lastOf: (origin: string) => WitnessedHead | null;
}

/** What is to be cosigned, once it is kept as the last of its origin: `text` is what is signed, `signed` the note that came. */
export interface ToCosign extends WitnessedHead {
  readonly origin: string;
  readonly text: string;
  readonly signed: string;
}

/** Why a witness does not cosign, with the status that says so (C2SP tlog-witness, add-checkpoint). */
export const WITNESS_REFUSALS = {
  malformed_request: 400,
  sizes_out_of_order: 400,
  not_signed_by_log: 403,
  unknown_origin: 404,
  wrong_proof: 422,
} as const;

/** One of the reasons above. */
export type WitnessRefusal = keyof typeof WITNESS_REFUSALS;

/** What a witness does with a request; a conflict is status 409 with the size that it has, so that the log can go on from there. */
export type WitnessDecision =
  | { readonly cosign: ToCosign }
  | { readonly refused: WitnessRefusal }
  | { readonly conflict: 'other_size' | 'other_root'; readonly size: number };

/**
 * Decides on the body of an `add-checkpoint` (C2SP tlog-witness); never throws. The last head must be kept before the
 * cosignature is given, and nothing may be decided on the same origin between the two.
 */
export function decideAsWitness(body: string, { logKeys, lastOf }: WitnessKnowledge): WitnessDecision {
  const request = openRequest(body);
  if (request === null) return { refused: 'malformed_request' };
  const { note, head } = request;
  const keys = logKeys.filter(({ name }) => name === head.origin);
  if (keys.length === 0) return { refused: 'unknown_origin' };
  if ('rejected' in verifyNote(note, keys)) return { refused: 'not_signed_by_log' };
  if (request.oldSize > head.size) return { refused: 'sizes_out_of_order' };
  return decideOnGrowth(request, lastOf(head.origin) ?? { size: 0, root: emptyRoot() });
}

interface Request {
  readonly oldSize: number;
  readonly hashes: readonly Uint8Array[];
  readonly signed: string;
  readonly note: SignedNote;
  readonly head: Checkpoint;
}

function openRequest(body: string): Request | null {
  const parsed = parseAddCheckpoint(body);
  if ('rejected' in parsed) return null;
  const { oldSize, hashes, checkpoint: signed } = parsed.request;
  const opened = parseNote(signed);
  if ('rejected' in opened) return null;
  const parsedHead = parseCheckpoint(opened.note.text);
  if ('rejected' in parsedHead) return null;
  return { oldSize, hashes, signed, note: opened.note, head: parsedHead.checkpoint };
}

/** Who goes on from another size than the last one, or has another root at that size, is told what the witness has. */
function decideOnGrowth(
  { oldSize, hashes, signed, note, head }: Request,
  last: WitnessedHead,
): WitnessDecision {
  if (oldSize !== last.size) return { conflict: 'other_size', size: last.size };
  const { origin, size, root } = head;
  if (size === last.size && !sameBytes(root, last.root)) return { conflict: 'other_root', size };
  const claim = { oldSize, oldRoot: last.root, newSize: size, newRoot: root, proof: hashes };
  if (verifyConsistency(claim) !== 'ok') return { refused: 'wrong_proof' };
  return { cosign: { origin, size, root, text: note.text, signed } };
}
