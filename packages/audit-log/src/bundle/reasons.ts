import type { BundleFlaw, Unproved } from './verdict.ts';

/** What to do about a log that was followed no further than to its last key. */
const OTHER_KEY =
  'if the log has another key by now, get that one: "ironforge audit-key follow", or from the operator by another way (docs/auditors.md)';

/** Why a part was refused, for people. */
export const FLAW_TEXTS: Readonly<Record<BundleFlaw, string>> = {
  malformed_json: 'this is no JSON in UTF-8, or not all of it',
  repeated_name: 'a name stands twice in one object, so that two readers may read two things',
  loose_number:
    'a number is not written in the one form of RFC 8785, so that two readers may read two things',
  no_object: 'this is no bundle: { entry, tlogProof, consistency?, immudb? }',
  unknown_field: 'beside entry, tlogProof, consistency and immudb there is a field that nobody checks',
  malformed_entry: 'the entry is no JSON object, or holds what has no canonical form',
  no_proof: 'there is no tlogProof',
  other_format: 'the proof is in another form than c2sp.org/tlog-proof@v1',
  malformed_extra: 'the extra line of the proof is malformed',
  malformed_index: 'the index of the proof is missing or malformed',
  malformed_hash_line: 'a hash of the proof is malformed',
  too_many_hashes: 'the proof has more hashes than any tree has rows',
  no_checkpoint: 'the proof has no checkpoint',
  unproved_extra: 'the proof has an extra line, which nobody signed and nobody checks',
  size_out_of_range: 'a size is beyond 2^53 - 1',
  index_out_of_range: 'the index lies outside of the tree',
  malformed_hash: 'a hash does not have 32 bytes',
  wrong_proof_length: 'the proof has more or fewer hashes than its way to the root',
  wrong_root: 'entry and path do not lead to the root that was signed: one of them is not what was sealed',
  other_sequence: 'the entry bears another number than its place in the tree',
  malformed_text: 'the checkpoint is no signed note',
  malformed_signature: 'a signature line is malformed, or there is none',
  too_many_signatures: 'the checkpoint has more than 16 signatures',
  malformed_lines: 'the checkpoint lacks origin, size or root',
  malformed_origin: 'the origin is empty or too long',
  malformed_size: 'the size is no number in its one form',
  malformed_root: 'the root is no hash',
  malformed_extension: 'the checkpoint has an empty line',
  wrong_signature: 'a signature is not by the key that it names: the checkpoint or the signature was changed',
  no_known_signature: `none of the given keys signed it; ${OTHER_KEY}`,
  not_signed_by_log: `none of the given keys of this log signed it; ${OTHER_KEY}`,
  other_origin: 'it is of another log than the given keys',
  no_log_key: 'no key of a log was given',
  other_tenant: 'it is the log of another tenant than that of the entry',
  not_cosigned: 'none of the given witnesses cosigned it',
  malformed_consistency: 'it is not { from, to, hashes } with sizes and hashes',
  malformed_immudb: 'it is neither what says where a copy is and proves it, nor that there is none',
  no_immudb_proof: 'there is a key of an immudb server, and the bundle shows no proof of it',
  other_immudb_key: 'the key is not the one under which this entry is copied',
  other_immudb_value: 'the value is no copy of this entry',
  other_immudb_transaction: 'the header is not that of the transaction that is named',
  not_in_immudb_transaction: 'key and value do not lead to the root of that transaction',
  not_signed_by_server: 'none of the given keys of immudb servers signed that state',
  no_consistency: 'there is an older checkpoint, and the bundle does not show that the log only grew since',
  older_checkpoint_refused:
    'the older checkpoint is not one that this log signed by one of the given keys; of one from before a rotation the key of then is needed too',
  other_old_size: 'it begins at another size than the older checkpoint',
  other_new_size: 'it ends at another size than the checkpoint',
  sizes_out_of_order: 'the older checkpoint has more entries than the newer one',
  wrong_old_root: 'it does not begin at the root of the older checkpoint',
  wrong_new_root: 'it does not lead to the signed root: the log was rewritten, or the proof is not its own',
};

/** Why a part was neither proved nor refused, for people. */
export const UNPROVED_TEXTS: Readonly<Record<Unproved, string>> = {
  not_in_bundle: 'not part of the bundle',
  stands_on_refused: 'not looked at, since what it stands on does not hold',
  no_witness_key: 'no key of a witness was given',
  no_older_checkpoint: 'no older checkpoint was given; without one nobody vouches for the older root',
  no_server_key:
    'the copy is in the transaction that is named; no key of an immudb server was given, so nobody vouches for that',
  no_immudb_proof: 'the installation names a transaction of immudb, and shows no proof: immudb was away',
  not_copied_yet: 'the installation says that the entry was not copied to immudb yet',
  no_second_copy: 'the installation says that it has no immudb: the SQL ledger alone',
};
