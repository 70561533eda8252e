import { createPrivateKey, sign } from 'node:crypto';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { flips } from '../proof/bit-changes.fixture.ts';
import { parseAddCheckpoint } from '../proof/add-checkpoint.ts';
import { emptyRoot } from '../tree/hashes.ts';
import { type Checkpoint, formatCheckpoint } from './checkpoint.ts';
import { cosign, verifyCosignature } from './cosignature.ts';
import { keyOf, logKey, logSigner, witnessSigner } from './keys.ts';
import { formatNote, parseNote } from './note.ts';
import { c2spCheckpoint, sigsumLog } from './published.fixture.ts';
import { signNote } from './sign-note.ts';
import type { NoteSignature } from './signature-line.ts';
import { verifyCheckpoint } from './verify-checkpoint.ts';

const SEED = new Uint8Array(32).fill(7);
const log = logSigner('example.com/log', SEED);
const one = witnessSigner('witness.example/w1', new Uint8Array(32).fill(8));
const two = witnessSigner('witness.example/w2', new Uint8Array(32).fill(9));
const witnessKeys = [keyOf(one), keyOf(two)];
const head: Checkpoint = { origin: log.name, size: 5, root: emptyRoot(), extensions: [] };
const text = formatCheckpoint(head);

function verdictOf(signatures: readonly NoteSignature[], changed = text) {
  const signed = formatNote({ text: changed, signatures });
  return verifyCheckpoint({ signed, logKey: keyOf(log), witnessKeys });
}

/** A cosignature by node's own Ed25519 over the message that C2SP tlog-cosignature gives, at any time. */
function foreignCosignature(time: bigint): Uint8Array {
  const pkcs8 = concatBytes(hexToBytes('302e020100300506032b657004220420'), SEED);
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), key);
  return concatBytes(hexToBytes(time.toString(16).padStart(16, '0')), signature);
}

describe('cosign', () => {
  it('signs what C2SP tlog-cosignature says, as another Ed25519 does', () => {
    const signer = witnessSigner('a', SEED);
    expect(cosign(text, 1_679_315_147, signer).bytes).toEqual(foreignCosignature(1_679_315_147n));
  });

  it('has the form of the published example, whose time is 1679315147', () => {
    const parsed = parseNote(c2spCheckpoint);
    const bytes = 'note' in parsed ? parsed.note.signatures[1]?.bytes : undefined;
    expect(bytes?.slice(0, 8)).toEqual(hexToBytes('00000000641850cb'));
    expect(bytes?.length).toBe(cosign(text, 1, one).bytes.length);
  });

  it('signs checkpoints and whole seconds only: anything else is a bug of the caller', () => {
    expect(() => cosign('no checkpoint\n', 1, one)).toThrow('only a checkpoint');
    expect(() => cosign(text, 1.5, one)).toThrow('whole number');
    expect(() => cosign(text, -1, one)).toThrow('whole number');
    expect(() => cosign(text, 2 ** 53, one)).toThrow('whole number');
  });
});

describe('verifyCosignature', () => {
  it('tells the time that was signed, and nothing for any single-bit change', () => {
    for (const timeSeconds of [0, 1_764_000_000, Number.MAX_SAFE_INTEGER]) {
      expect(verifyCosignature(text, cosign(text, timeSeconds, one).bytes, keyOf(one))).toBe(timeSeconds);
    }
    const { bytes } = cosign(text, 1_764_000_000, one);
    const found = flips(bytes).map((changed) => verifyCosignature(text, changed, keyOf(one)));
    expect(new Set(found)).toEqual(new Set([null]));
  });

  it('reads what another Ed25519 signed, up to the last time that is a whole number here', () => {
    const key = keyOf(witnessSigner('a', SEED));
    const told = (time: bigint) => verifyCosignature(text, foreignCosignature(time), key);
    expect([1n, 2n ** 53n - 1n].map(told)).toEqual([1, Number.MAX_SAFE_INTEGER]);
    expect([2n ** 53n, 2n ** 63n, 2n ** 64n - 2n ** 11n].map(told)).toEqual([null, null, null]);
  });

  it('takes no other text, no other key, no other length, and no text that is no checkpoint', () => {
    const { bytes } = cosign(text, 1, one);
    expect(verifyCosignature(text.replace('\n5\n', '\n6\n'), bytes, keyOf(one))).toBeNull();
    expect(verifyCosignature(text, bytes, keyOf(two))).toBeNull();
    expect(verifyCosignature(text, bytes.slice(0, -1), keyOf(one))).toBeNull();
    expect(verifyCosignature(text, new Uint8Array(), keyOf(one))).toBeNull();
    expect(verifyCosignature('no checkpoint\n', bytes, keyOf(one))).toBeNull();
  });
});

describe('verifyCheckpoint', () => {
  it('tells the tree head that the log signed, and which witnesses saw it when', () => {
    const signatures = [
      signNote(text, log),
      cosign(text, 1_764_000_000, two),
      cosign(text, 1_764_000_001, one),
    ];
    expect(verdictOf(signatures)).toEqual({
      checkpoint: head,
      cosigned: [
        { witness: keyOf(two), timeSeconds: 1_764_000_000 },
        { witness: keyOf(one), timeSeconds: 1_764_000_001 },
      ],
    });
    expect(verdictOf([signNote(text, log)])).toEqual({ checkpoint: head, cosigned: [] });
  });

  it('takes a checkpoint that another program signed (published: FiloSottile/torchwood)', () => {
    const parsed = parseAddCheckpoint(sigsumLog.request);
    const signed = 'request' in parsed ? parsed.request.checkpoint : '';
    const key = logKey(sigsumLog.origin, hexToBytes(sigsumLog.publicHex));
    const claim = { signed, logKey: key, witnessKeys: [] };
    expect(verifyCheckpoint(claim)).toMatchObject({ checkpoint: { size: 3 }, cosigned: [] });
    expect(verifyCheckpoint({ ...claim, signed: signed.replace('\n3\n', '\n4\n') })).toEqual({
      rejected: 'wrong_signature',
    });
  });

  it('counts a witness once, though it cosigned twice', () => {
    const signatures = [signNote(text, log), cosign(text, 1, one), cosign(text, 2, one)];
    expect(verdictOf(signatures)).toMatchObject({ cosigned: [{ witness: keyOf(one), timeSeconds: 1 }] });
  });

  it('refuses what witnesses alone signed', () => {
    expect(verdictOf([cosign(text, 1, one), cosign(text, 1, two)])).toEqual({
      rejected: 'not_signed_by_log',
    });
  });

  it('refuses a witness that signed as a log does, and a log that signed as a witness does', () => {
    const asLog = { ...signNote(text, logSigner(one.name, one.seed)), keyId: one.keyId };
    expect(verdictOf([signNote(text, log), asLog])).toEqual({ rejected: 'wrong_signature' });
    const asWitness = { ...cosign(text, 1, witnessSigner(log.name, log.seed)), keyId: log.keyId };
    expect(verdictOf([asWitness])).toEqual({ rejected: 'wrong_signature' });
  });

  it('refuses the checkpoint of another origin that the same seed signed', () => {
    const other = formatCheckpoint({ ...head, origin: 'example.com/other' });
    expect(verdictOf([signNote(other, log)], other)).toEqual({ rejected: 'other_origin' });
  });

  it.each([
    ['wrong_signature', [signNote(`${text}x\n`, log)]],
    ['wrong_signature', [signNote(text, log), cosign(`${text}x\n`, 1, one)]],
    ['no_known_signature', [signNote(text, logSigner('example.com/stranger', SEED))]],
  ])('says %s', (flaw, signatures) => {
    expect(verdictOf(signatures)).toEqual({ rejected: flaw });
  });

  it('refuses a signed text that is no checkpoint', () => {
    const hello = 'hello\n';
    expect(verdictOf([signNote(hello, log)], hello)).toEqual({ rejected: 'malformed_lines' });
  });
});
