import { utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { expect, it } from 'vitest';
import { formatCheckpoint } from '../note/checkpoint.ts';
import { formatKey } from '../note/key-text.ts';
import { keyOf, type LogSigner, logSigner } from '../note/keys.ts';
import { formatNote } from '../note/note.ts';
import { signNote } from '../note/sign-note.ts';
import { formatTlogProof } from '../proof/tlog-proof.ts';
import { leafHash } from '../tree/hashes.ts';
import { obviousInclusion, obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { followRotation } from './follow-rotation.ts';

const tenantId = '0f0e0d0c-0000-4000-8000-000000000001';
const origin = `test.example/audit/${tenantId}`;
const signerOf = (byte: number) => logSigner(origin, new Uint8Array(32).fill(byte));
const [old, next, stranger] = [signerOf(7), signerOf(8), signerOf(9)];
const ofAnother = logSigner('test.example/audit/another', new Uint8Array(32).fill(8));

const textOf = (signer: LogSigner) => formatKey(keyOf(signer));
const rotation = { from: textOf(old), to: textOf(next), reason: 'planned' };

interface Played {
  readonly type?: string;
  readonly details?: object;
  readonly signers?: readonly LogSigner[];
}

/** The proof of the last of five entries, which tells of a rotation. */
function bundleOf({ type = 'audit_signing_key_rotated', details = rotation, signers = [next, old] }: Played) {
  const entries = Array.from({ length: 5 }, (_, at) =>
    at === 4 ? { tenantId, sequence: 5, type, details } : { tenantId, sequence: at + 1, type: 'other' },
  );
  const leaves = entries.map((entry) => leafHash(utf8ToBytes(canonicalize(entry) ?? '')));
  const text = formatCheckpoint({ origin, size: 5, root: obviousRoot(leaves), extensions: [] });
  const checkpoint = formatNote({ text, signatures: signers.map((signer) => signNote(text, signer)) });
  const hashes = obviousInclusion(4, leaves);
  const tlogProof = formatTlogProof({ index: 4, hashes, checkpoint, extra: new Uint8Array() });
  return { entry: entries[4], tlogProof };
}

const follow = (bundle: object, ...known: readonly LogSigner[]) =>
  followRotation(utf8ToBytes(JSON.stringify(bundle)), known.map(keyOf));

it('follows to the key that the entry names, when the old key and the new one have signed that checkpoint', () => {
  expect(follow(bundleOf({}), stranger, old)).toEqual({ from: keyOf(old), to: keyOf(next) });
});

it.each([
  { what: 'whoever has the new key alone', signers: [next], rejected: 'old_key_did_not_sign' },
  { what: 'a stranger', signers: [stranger], rejected: 'old_key_did_not_sign' },
  { what: 'nobody who has the new key', signers: [old], rejected: 'new_key_did_not_sign' },
])('follows no rotation that was signed by $what', ({ signers, rejected }) => {
  expect(follow(bundleOf({ signers }), old)).toEqual({ rejected });
});

it.each([
  { what: 'an entry of another type', type: 'login_failed', rejected: 'no_rotation' },
  { what: 'an entry without keys', details: {}, rejected: 'no_rotation' },
  {
    what: 'a rotation from a key that was not given',
    details: { ...rotation, from: textOf(stranger) },
    rejected: 'unknown_old_key',
  },
  {
    what: 'a rotation to what is no key',
    details: { ...rotation, to: 'a key' },
    rejected: 'malformed_new_key',
  },
  {
    what: 'a rotation to the key of another log',
    details: { ...rotation, to: textOf(ofAnother) },
    rejected: 'malformed_new_key',
  },
])('follows no proof of $what', ({ rejected, ...played }) => {
  expect(follow(bundleOf(played), old)).toEqual({ rejected });
});

it('follows no entry that is not the one which was sealed', () => {
  const other = {
    ...bundleOf({}),
    entry: {
      tenantId,
      sequence: 5,
      type: 'audit_signing_key_rotated',
      details: { ...rotation, to: textOf(stranger) },
    },
  };
  expect(follow(other, old)).toEqual({ rejected: 'old_key_did_not_sign' });
  expect(followRotation(utf8ToBytes('{'), [keyOf(old)])).toEqual({ rejected: 'no_rotation' });
});
