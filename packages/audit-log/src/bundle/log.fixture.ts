import { utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { formatCheckpoint } from '../note/checkpoint.ts';
import { cosign } from '../note/cosignature.ts';
import { keyOf, logSigner, witnessSigner } from '../note/keys.ts';
import { formatNote } from '../note/note.ts';
import { signNote } from '../note/sign-note.ts';
import { formatTlogProof } from '../proof/tlog-proof.ts';
import { formatBase64 } from '../text/encodings.ts';
import { leafHash } from '../tree/hashes.ts';
import { obviousConsistency, obviousInclusion, obviousRoot } from '../tree/obvious-tree.fixture.ts';

/** The witness that has seen every checkpoint of the fixture, at this second. */
export const witness = witnessSigner('witness.example/w1', new Uint8Array(32).fill(8));
export const SEEN_AT_SECONDS = 1_764_000_000;

/** Which leaf is proved in which tree, and from which older one. */
export interface Wanted {
  readonly sequence: number;
  readonly size: number;
  readonly from: number | null;
}

/** A log of 300 entries of one tenant, as an installation keeps it. */
export function logOf(tenantId: string, seedByte: number, origin = 'test.example/audit') {
  const signer = logSigner(`${origin}/${tenantId}`, new Uint8Array(32).fill(seedByte));
  const entries = Array.from({ length: 300 }, (_, at) => entryOf(tenantId, at + 1));
  const texts = entries.map((entry) => canonicalize(entry) ?? '');
  const leaves = texts.map((text) => leafHash(utf8ToBytes(text)));
  const noteOf = (size: number): string => {
    const root = obviousRoot(leaves.slice(0, size));
    const text = formatCheckpoint({ origin: signer.name, size, root, extensions: [] });
    return formatNote({ text, signatures: [signNote(text, signer), cosign(text, SEEN_AT_SECONDS, witness)] });
  };
  const proofOf = ({ sequence, size }: Wanted, checkpoint = noteOf(size)) => {
    const hashes = obviousInclusion(sequence - 1, leaves.slice(0, size));
    return formatTlogProof({ index: sequence - 1, hashes, checkpoint, extra: new Uint8Array() });
  };
  const growthOf = (from: number, to: number) => {
    const hashes = obviousConsistency(from, leaves.slice(0, to)).map(formatBase64);
    return { from, to, hashes };
  };
  const bundleOf = (wanted: Wanted) => ({
    entry: entries[wanted.sequence - 1] ?? {},
    tlogProof: proofOf(wanted),
    ...(wanted.from === null ? {} : { consistency: growthOf(wanted.from, wanted.size) }),
  });
  return { key: keyOf(signer), signer, texts, leaves, noteOf, proofOf, growthOf, bundleOf };
}

/** As the service numbers them: every kind of JSON value is in one. */
function entryOf(tenantId: string, sequence: number) {
  return {
    version: 1,
    id: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
    tenantId,
    sequence,
    type: 'wallet_updated',
    status: sequence % 7 === 0 ? 'failure' : 'success',
    actor: { type: 'user', id: 'Zoë' },
    txHash: null,
    occurredAt: '2026-01-02T03:04:05.678Z',
    details: { amount: '18446744073709551617', tags: ['a', 'b'], fee: 0.25, isLarge: true, none: {} },
  };
}
