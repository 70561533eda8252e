import type { SignedCheckpointFlaw } from '../note/verify-checkpoint.ts';
import type { TlogProofFlaw } from '../proof/tlog-proof.ts';
import type { ConsistencyFlaw } from '../proof/verify-consistency.ts';
import type { InclusionFlaw } from '../proof/verify-inclusion.ts';
import type { EntryFlaw } from './bundle.ts';
import type { ReadFlaw } from './read-bundle.ts';

/** What was found of one part of a bundle: proved, refused, or neither and why. */
export type Part<Proof> =
  | { readonly proved: Proof }
  | { readonly rejected: BundleFlaw }
  | { readonly unproved: Unproved };

/** The bytes of the entry are those of the leaf: their number, and the leaf's hash as hexadecimal digits. */
export interface ProvedBytes {
  readonly tenantId: string;
  readonly sequence: number;
  readonly lengthBytes: number;
  readonly leafHashHex: string;
}

/** The leaf stands in the tree at this index, counted from 0. */
export interface ProvedTree {
  readonly index: number;
  readonly size: number;
  readonly rootBase64: string;
}

/** The log of this origin signed the tree; `keyId` is eight hexadecimal digits. */
export interface ProvedCheckpoint {
  readonly origin: string;
  readonly keyId: string;
}

/** Which of the known witnesses cosigned the tree and when, in seconds since 1970, and which did not. */
export interface ProvedWitnesses {
  readonly cosigned: readonly { readonly name: string; readonly timeSeconds: number }[];
  readonly silent: readonly string[];
}

/** The tree begins with all leaves of the older one, in their order. */
export interface ProvedGrowth {
  readonly from: number;
  readonly to: number;
}

/** A server of immudb's signed the state of its database in which this transaction, with the entry's copy in it, was the newest. */
export interface ProvedCopy {
  /** Eight hexadecimal digits. */
  readonly serverKeyId: string;
  readonly database: string;
  readonly txId: number;
  /** 64 hexadecimal digits. */
  readonly txHash: string;
}

/** What was proved of a bundle, part by part; plain JSON. */
export interface BundleVerdict {
  /** Nothing was refused, and bytes, tree and checkpoint were proved. */
  readonly isProved: boolean;
  readonly bytes: Part<ProvedBytes>;
  readonly tree: Part<ProvedTree>;
  readonly checkpoint: Part<ProvedCheckpoint>;
  readonly witnesses: Part<ProvedWitnesses>;
  readonly consistency: Part<ProvedGrowth>;
  readonly immudb: Part<ProvedCopy>;
}

/** Why a part was neither proved nor refused. */
export type Unproved =
  | 'not_in_bundle'
  | 'stands_on_refused'
  | 'no_witness_key'
  | 'no_older_checkpoint'
  | 'no_server_key'
  | 'no_immudb_proof'
  | 'not_copied_yet'
  | 'no_second_copy';

/** Why a part was refused. */
export type BundleFlaw =
  | ReadFlaw
  | EntryFlaw
  | TlogProofFlaw
  | SignedCheckpointFlaw
  | InclusionFlaw
  | ConsistencyFlaw
  | 'no_proof'
  | 'no_log_key'
  | 'other_sequence'
  | 'other_tenant'
  | 'unproved_extra'
  | 'not_cosigned'
  | 'malformed_consistency'
  | 'no_consistency'
  | 'older_checkpoint_refused'
  | 'malformed_immudb'
  | 'no_immudb_proof'
  | 'other_immudb_key'
  | 'other_immudb_value'
  | 'other_immudb_transaction'
  | 'not_in_immudb_transaction'
  | 'not_signed_by_server'
  | 'other_old_size'
  | 'other_new_size';
