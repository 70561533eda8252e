import type { Checkpoint } from '../note/checkpoint.ts';
import type { LogKey, WitnessKey } from '../note/keys.ts';
import { type Cosigned, type SignedCheckpointFlaw, verifyCheckpoint } from '../note/verify-checkpoint.ts';
import { leafHash } from '../tree/hashes.ts';
import { parseTlogProof, type TlogProof, type TlogProofFlaw } from './tlog-proof.ts';
import { type InclusionFlaw, verifyInclusion } from './verify-inclusion.ts';

/** An entry, the text that is to prove it, and whose word is taken. */
export interface TlogProofClaim {
  readonly text: string;
  readonly entry: Uint8Array;
  readonly logKey: LogKey;
  readonly witnessKeys: readonly WitnessKey[];
}

/** What was proved: this entry is leaf `index` of the tree that the log signed, and which witnesses saw that tree, and when. */
export interface Proved {
  readonly index: number;
  readonly leafHash: Uint8Array;
  readonly checkpoint: Checkpoint;
  readonly cosigned: readonly Cosigned[];
  /** Was carried along and is proved by nothing. */
  readonly unprovedExtra: Uint8Array;
}

/** Why an entry was not proved. */
export type TlogProofRejection = TlogProofFlaw | SignedCheckpointFlaw | InclusionFlaw;

/** What was proved, or why nothing was. */
export type TlogProofVerdict = { readonly proved: Proved } | { readonly rejected: TlogProofRejection };

/** Checks that an entry is in a log (C2SP tlog-proof); never throws. How many witnesses are enough is for the caller to say. */
export function verifyTlogProof(claim: TlogProofClaim): TlogProofVerdict {
  const parsed = parseTlogProof(claim.text);
  if ('rejected' in parsed) return parsed;
  const { logKey, witnessKeys } = claim;
  const head = verifyCheckpoint({ signed: parsed.proof.checkpoint, logKey, witnessKeys });
  if ('rejected' in head) return head;
  const hash = leafHash(claim.entry);
  const verdict = verifyInclusion(inclusionIn(head.checkpoint, parsed.proof, hash));
  if (verdict !== 'ok') return { rejected: verdict };
  const { index, extra } = parsed.proof;
  return { proved: { ...head, index, leafHash: hash, unprovedExtra: extra } };
}

function inclusionIn({ size, root }: Checkpoint, { index, hashes }: TlogProof, hash: Uint8Array) {
  return { leafHash: hash, index, size, root, proof: hashes };
}
