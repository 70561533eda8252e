import type { ServerKey } from '../immudb/server-key.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import type { LogKey, WitnessKey } from '../note/keys.ts';
import { type Cosigned, type SignedCheckpointFlaw, verifyCheckpoint } from '../note/verify-checkpoint.ts';

/** What whoever checks a bundle has from elsewhere, and takes on nobody's word in the bundle. */
export interface Trust {
  /** While a key is rotated there are two for one log; keys of other logs do no harm. */
  readonly logKeys: readonly LogKey[];
  readonly witnessKeys: readonly WitnessKey[];
  /** An older checkpoint of the same log, as a signed note; null when none was kept. */
  readonly since: string | null;
  /** Of servers of immudb's that hold second copies; none by default. */
  readonly immudbKeys?: readonly ServerKey[] | undefined;
}

/** A checkpoint that a log signed, by which of its keys, and which known witnesses saw it. */
export interface Head {
  readonly checkpoint: Checkpoint;
  readonly signedBy: LogKey;
  readonly cosigned: readonly Cosigned[];
}

/** A checkpoint that counts, or why it does not. */
export type HeadVerdict = Head | { readonly rejected: SignedCheckpointFlaw | 'no_log_key' };

/** Checks a checkpoint by any of the log's keys; never throws. One wrong signature of any of them refuses it. */
export function verifyHead(signed: string, { logKeys, witnessKeys }: Trust): HeadVerdict {
  const verdicts = logKeys.map((logKey) =>
    verifyBy(logKey, verifyCheckpoint({ signed, logKey, witnessKeys })),
  );
  const wrong = verdicts.find((verdict) => isRejected(verdict, 'wrong_signature'));
  const taken = verdicts.find((verdict) => !('rejected' in verdict));
  const ofThisLog = verdicts.find((verdict) => !isRejected(verdict, 'other_origin'));
  return wrong ?? taken ?? ofThisLog ?? verdicts[0] ?? { rejected: 'no_log_key' };
}

function verifyBy(signedBy: LogKey, verdict: ReturnType<typeof verifyCheckpoint>): HeadVerdict {
  return 'rejected' in verdict ? verdict : { ...verdict, signedBy };
}

function isRejected(verdict: HeadVerdict, flaw: SignedCheckpointFlaw): boolean {
  return 'rejected' in verdict && verdict.rejected === flaw;
}
