import { bytesToHex } from '@noble/hashes/utils.js';
import { verifyInclusion } from '../proof/verify-inclusion.ts';
import { formatBase64 } from '../text/encodings.ts';
import { leafHash } from '../tree/hashes.ts';
import { type Bundle, type Entry, parseBundle } from './bundle.ts';
import { provedWitnesses } from './proved-witnesses.ts';
import { readBundle } from './read-bundle.ts';
import { type Head, type HeadVerdict, type Trust, verifyHead } from './trust.ts';
import type { BundleVerdict, Part, ProvedBytes, ProvedCheckpoint, ProvedTree } from './verdict.ts';
import { verifyCopy } from './verify-copy.ts';
import { verifyGrowth } from './verify-growth.ts';

/** Checks the bytes of a bundle; never throws. Refuses also JSON that others may read in another way. */
export function verifyBundleBytes(bytes: Uint8Array, trust: Trust): BundleVerdict {
  const read = readBundle(bytes);
  return 'rejected' in read
    ? { ...verifyBundle(null, trust), bytes: read }
    : verifyBundle(read.bundle, trust);
}

/**
 * Checks what `GET /v1/audit/entries/{id}/proof` answered, as parsed JSON, by nothing but the keys and the checkpoint that one has;
 * never throws. An entry counts with its number and its tenant: it is leaf `sequence - 1` of the log `…/<tenantId>`.
 */
export function verifyBundle(value: unknown, trust: Trust): BundleVerdict {
  const bundle = parseBundle(value);
  const head = headOf(bundle, trust);
  const checkpoint = checkpointPart(bundle, head);
  const stands = 'proved' in checkpoint && head !== null && !('rejected' in head) ? head : null;
  const tree = treePart(bundle, stands);
  return withOutcome({
    bytes: bytesPart(bundle, tree),
    tree,
    checkpoint,
    witnesses: stands === null ? STANDS_ON_REFUSED : provedWitnesses(stands.cosigned, trust.witnessKeys),
    consistency: consistencyPart(bundle, stands, trust),
    immudb: copyPart(bundle, tree, trust),
  });
}

const STANDS_ON_REFUSED = { unproved: 'stands_on_refused' } as const;

function withOutcome(parts: Omit<BundleVerdict, 'isProved'>): BundleVerdict {
  const isWhole = [parts.bytes, parts.tree, parts.checkpoint].every((part) => 'proved' in part);
  return { isProved: isWhole && !Object.values(parts).some((part) => 'rejected' in part), ...parts };
}

/** Null for a proof that has no checkpoint to judge. */
function headOf({ proof }: Bundle, trust: Trust): HeadVerdict | null {
  return proof === null || 'rejected' in proof ? null : verifyHead(proof.checkpoint, trust);
}

function checkpointPart({ entry }: Bundle, head: HeadVerdict | null): Part<ProvedCheckpoint> {
  if (head === null) return STANDS_ON_REFUSED;
  if ('rejected' in head) return head;
  const { origin } = head.checkpoint;
  if ('bytes' in entry && entry.tenantId !== tenantOf(origin)) return { rejected: 'other_tenant' };
  return { proved: { origin, keyId: head.signedBy.keyId } };
}

/** The last part of an origin: `<origin of the installation>/<tenantId>`. */
function tenantOf(origin: string): string {
  return origin.slice(origin.lastIndexOf('/') + 1);
}

function treePart({ entry, proof }: Bundle, head: Head | null): Part<ProvedTree> {
  if (proof === null) return STANDS_ON_REFUSED;
  if ('rejected' in proof) return proof;
  if (proof.extra.length > 0) return { rejected: 'unproved_extra' };
  if (head === null || 'rejected' in entry) return STANDS_ON_REFUSED;
  const { size, root } = head.checkpoint;
  const { index, hashes } = proof;
  const verdict = verifyInclusion({ leafHash: leafHash(entry.bytes), index, size, root, proof: hashes });
  if (verdict !== 'ok') return { rejected: verdict };
  if (entry.sequence !== index + 1) return { rejected: 'other_sequence' };
  return { proved: { index, size, rootBase64: formatBase64(root) } };
}

function bytesPart({ entry }: Bundle, tree: Part<ProvedTree>): Part<ProvedBytes> {
  if ('rejected' in entry) return entry;
  if (!('proved' in tree)) return STANDS_ON_REFUSED;
  return { proved: provedBytes(entry, tree.proved) };
}

function provedBytes({ bytes, tenantId }: Entry, { index }: ProvedTree): ProvedBytes {
  const leafHashHex = bytesToHex(leafHash(bytes));
  return { tenantId: String(tenantId), sequence: index + 1, lengthBytes: bytes.length, leafHashHex };
}

function consistencyPart({ growth }: Bundle, head: Head | null, trust: Trust): BundleVerdict['consistency'] {
  if (growth !== null && 'rejected' in growth) return growth;
  return head === null ? STANDS_ON_REFUSED : verifyGrowth(growth, head, trust);
}

/** It is looked at beside an entry that is proved; what is malformed is refused without. */
function copyPart({ entry, immudb }: Bundle, tree: Part<ProvedTree>, trust: Trust): BundleVerdict['immudb'] {
  if (immudb !== null && typeof immudb === 'object' && 'rejected' in immudb) return immudb;
  if ('rejected' in entry || !('proved' in tree)) return STANDS_ON_REFUSED;
  return verifyCopy(immudb, entry, trust.immudbKeys ?? []);
}
