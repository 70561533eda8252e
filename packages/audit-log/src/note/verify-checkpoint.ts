import { type Checkpoint, type CheckpointFlaw, parseCheckpoint } from './checkpoint.ts';
import type { LogKey, WitnessKey } from './keys.ts';
import { parseNote } from './note.ts';
import type { SignaturesFlaw } from './signature-line.ts';
import { type NoteFlaw, type SignedBy, verifyNote } from './verify-note.ts';

/** A signed checkpoint, and whose word is taken for it. */
export interface CheckpointClaim {
  readonly signed: string;
  readonly logKey: LogKey;
  readonly witnessKeys: readonly WitnessKey[];
}

/** A witness that cosigned a checkpoint, and when it says it did, in seconds since 1970. */
export interface Cosigned {
  readonly witness: WitnessKey;
  readonly timeSeconds: number;
}

/** Why a signed checkpoint counts for nothing. */
export type SignedCheckpointFlaw =
  | 'malformed_text'
  | SignaturesFlaw
  | CheckpointFlaw
  | NoteFlaw
  | 'other_origin'
  | 'not_signed_by_log';

/** A checkpoint that its log signed, with the known witnesses that did, or why it is refused. */
export type CheckpointVerdict =
  | { readonly checkpoint: Checkpoint; readonly cosigned: readonly Cosigned[] }
  | { readonly rejected: SignedCheckpointFlaw };

/** Checks that the log of this key, whose name is the checkpoint's origin, signed a checkpoint (C2SP tlog-checkpoint); never throws. */
export function verifyCheckpoint({ signed, logKey, witnessKeys }: CheckpointClaim): CheckpointVerdict {
  const parsed = parseNote(signed);
  if ('rejected' in parsed) return parsed;
  const head = parseCheckpoint(parsed.note.text);
  if ('rejected' in head) return head;
  if (head.checkpoint.origin !== logKey.name) return { rejected: 'other_origin' };
  const verdict = verifyNote(parsed.note, [logKey, ...witnessKeys]);
  if ('rejected' in verdict) return verdict;
  if (!verdict.signedBy.some(({ key }) => key === logKey)) return { rejected: 'not_signed_by_log' };
  return { checkpoint: head.checkpoint, cosigned: verdict.signedBy.flatMap(cosignedBy) };
}

function cosignedBy(signed: SignedBy): Cosigned[] {
  return 'timeSeconds' in signed ? [{ witness: signed.key, timeSeconds: signed.timeSeconds }] : [];
}
