import { describe, expect, it } from 'vitest';
import { flips } from '../proof/bit-changes.fixture.ts';
import { parseLogKey, parseLogSigner } from './key-text.ts';
import { type LogKey, logKey, type WitnessKey } from './keys.ts';
import { formatNote, parseNote, type SignedNote } from './note.ts';
import { enoch, peter, signedText } from './published.fixture.ts';
import { signNote } from './sign-note.ts';
import { verifyNote } from './verify-note.ts';

function logKeyOf(text: string): LogKey {
  const parsed = parseLogKey(text);
  if ('rejected' in parsed) throw new Error(parsed.rejected);
  return parsed.key;
}

function noteOf(...lines: string[]): SignedNote {
  const parsed = parseNote(`${signedText}\n${lines.join('')}`);
  if ('rejected' in parsed) throw new Error(parsed.rejected);
  return parsed.note;
}

const [peterKey, enochKey] = [logKeyOf(peter.key), logKeyOf(enoch.key)];

function signers(note: SignedNote, keys: readonly (LogKey | WitnessKey)[]): string[] | string {
  const verdict = verifyNote(note, keys);
  return 'rejected' in verdict ? verdict.rejected : verdict.signedBy.map(({ key }) => key.name);
}

describe('signNote', () => {
  it('signs as Go does, byte for byte', () => {
    const parsed = parseLogSigner(peter.signer);
    const signatures = 'key' in parsed ? [signNote(signedText, parsed.key)] : [];
    expect(formatNote({ text: signedText, signatures })).toBe(`${signedText}\n${peter.line}`);
  });
});

describe('verifyNote', () => {
  it('names the known keys that signed, in the order of the note', () => {
    const note = noteOf(peter.line, enoch.line);
    expect(signers(note, [peterKey])).toEqual(['PeterNeumann']);
    expect(signers(note, [enochKey, peterKey])).toEqual(['PeterNeumann', 'EnochRoot']);
  });

  it('counts a key once, however often it signed or is given', () => {
    expect(signers(noteOf(peter.line, peter.line), [peterKey, logKeyOf(peter.key)])).toEqual([
      'PeterNeumann',
    ]);
  });

  it('refuses a note that no known key signed', () => {
    expect(signers(noteOf(peter.line), [])).toBe('no_known_signature');
    expect(signers(noteOf(peter.line), [enochKey])).toBe('no_known_signature');
  });

  it('takes a key by name and id together: one of them alone is an unknown key', () => {
    expect(signers(noteOf(peter.line.replace('PeterNeumann', 'Carmen')), [peterKey])).toBe(
      'no_known_signature',
    );
    expect(signers(noteOf(peter.line.replace('x08g', 'xxxx')), [peterKey])).toBe('no_known_signature');
  });

  it('refuses a note of which one known signature is wrong, whatever the others are', () => {
    const wrong = peter.line.replace('o/ZJ', 'o/ZK');
    expect(signers(noteOf(wrong), [peterKey])).toBe('wrong_signature');
    expect(signers(noteOf(enoch.line, wrong), [peterKey, enochKey])).toBe('wrong_signature');
    expect(signers(noteOf(peter.line, wrong), [peterKey])).toBe('wrong_signature');
    expect(signers(noteOf(enoch.line, wrong), [enochKey])).toEqual(['EnochRoot']);
  });

  it('refuses every single-bit change of signature, text and key', () => {
    const note = noteOf(peter.line);
    const [signature] = note.signatures;
    const changed = flips(signature?.bytes ?? new Uint8Array()).map((bytes) => ({
      ...note,
      signatures: note.signatures.map((other) => ({ ...other, bytes })),
    }));
    expect(new Set(changed.map((other) => signers(other, [peterKey])))).toEqual(new Set(['wrong_signature']));
    const keys = flips(peterKey.publicKey).map((publicKey) => ({ ...peterKey, publicKey }));
    expect(new Set(keys.map((key) => signers(note, [key])))).toEqual(new Set(['wrong_signature']));
    const text = note.text.replace('is.', 'is,');
    expect(signers({ ...note, text }, [peterKey])).toBe('wrong_signature');
  });

  it('takes no signature of another length, and none of a key that is no point of the curve', () => {
    const of = (length: number): SignedNote => ({
      text: signedText,
      signatures: noteOf(peter.line).signatures.map((one) => ({ ...one, bytes: new Uint8Array(length) })),
    });
    expect([1, 63, 65, 72].map((length) => signers(of(length), [peterKey]))).toEqual(
      Array.from({ length: 4 }, () => 'wrong_signature'),
    );
    const noPoint = { ...peterKey, publicKey: new Uint8Array(32).fill(0xff) };
    expect(signers(noteOf(peter.line), [noPoint])).toBe('wrong_signature');
  });

  it('takes no signature of a key of small order, which signs everything', () => {
    const key = logKey(
      'a',
      Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 1 : 0)),
    );
    const bytes = Uint8Array.from({ length: 64 }, (_, at) => (at === 0 ? 1 : 0));
    const note = { text: signedText, signatures: [{ name: 'a', keyId: key.keyId, bytes }] };
    expect(signers(note, [key])).toBe('wrong_signature');
  });
});
