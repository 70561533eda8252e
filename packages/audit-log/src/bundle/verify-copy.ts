import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isCopyOf } from '../immudb/copied-value.ts';
import { entryDigest } from '../immudb/entry-digest.ts';
import { entryKey } from '../immudb/ledger-keys.ts';
import { isStateSigned, type ServerKey } from '../immudb/server-key.ts';
import { txHash } from '../immudb/tx-header.ts';
import { verifyInclusion } from '../proof/verify-inclusion.ts';
import { leafHash } from '../tree/hashes.ts';
import type { Entry } from './bundle.ts';
import type { CopyClaim, ProvableCopy } from './copy-claim.ts';
import type { BundleFlaw, Part, ProvedCopy } from './verdict.ts';

/**
 * Checks that the copy which a bundle shows is one of its entry, that it is in the transaction which the bundle names, and that a server
 * with one of the given keys signed the state which that made. Whoever brings a key wants that to be shown. Never throws.
 */
export function verifyCopy(
  claim: CopyClaim | null,
  entry: Entry,
  serverKeys: readonly ServerKey[],
): Part<ProvedCopy> {
  if (claim !== null && typeof claim === 'object' && 'rejected' in claim) return claim;
  if (claim === null || typeof claim === 'string' || !('value' in claim))
    return serverKeys.length > 0 ? { rejected: 'no_immudb_proof' } : { unproved: UNPROVED[nameOf(claim)] };
  const flaw = flawOf(claim, entry);
  if (flaw !== null) return { rejected: flaw };
  if (serverKeys.length === 0) return { unproved: 'no_server_key' };
  const { database, txId, txHash: hash } = claim;
  const state = { database, id: claim.header.id, hash: txHash(claim.header) };
  const signedBy = serverKeys.find((key) => isStateSigned(key, state, claim.signature));
  if (signedBy === undefined) return { rejected: 'not_signed_by_server' };
  return { proved: { serverKeyId: signedBy.keyId, database, txId, txHash: hash } };
}

const UNPROVED = {
  named: 'no_immudb_proof',
  waiting: 'not_copied_yet',
  none: 'no_second_copy',
  unsaid: 'not_in_bundle',
} as const;

function nameOf(claim: Exclude<CopyClaim, { readonly rejected: string }> | null): keyof typeof UNPROVED {
  if (claim === null) return 'unsaid';
  return typeof claim === 'string' ? claim : 'named';
}

function flawOf(claim: ProvableCopy, entry: Entry): BundleFlaw | null {
  const { tenantId, sequence } = entry;
  if (claim.key !== entryKey(String(tenantId), BigInt(Number(sequence)))) return 'other_immudb_key';
  if (!isCopyOf(claim.value, leafHash(entry.bytes))) return 'other_immudb_value';
  if (bytesToHex(txHash(claim.header)) !== claim.txHash) return 'other_immudb_transaction';
  return isIn(claim) ? null : 'not_in_immudb_transaction';
}

/** The entries of a transaction are the leaves of a tree like the log's own. */
function isIn({ key, value, header, index, path }: ProvableCopy): boolean {
  const digest = entryDigest(header.version, { key: utf8ToBytes(key), value }, null);
  if (digest === null) return false;
  const { nentries: size, eH: root } = header;
  return verifyInclusion({ leafHash: leafHash(digest), index, size, root, proof: path }) === 'ok';
}
