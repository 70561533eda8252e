import { utf8ToBytes } from '@noble/hashes/utils.js';
import { verifyCosignature } from './cosignature.ts';
import { isSignedBy } from './ed25519.ts';
import type { LogKey, WitnessKey } from './keys.ts';
import type { SignedNote } from './note.ts';
import type { NoteSignature } from './signature-line.ts';

/** A key that signed; of a witness also when it says it did, in seconds since 1970. */
export type SignedBy = { readonly key: LogKey } | { readonly key: WitnessKey; readonly timeSeconds: number };

/** Why a note counts for nothing: a known key did not sign what is said to be by it, or no known key signed. */
export type NoteFlaw = 'wrong_signature' | 'no_known_signature';

/** Who of the known keys signed, each once, or why the note is refused. */
export type NoteVerdict = { readonly signedBy: readonly SignedBy[] } | { readonly rejected: NoteFlaw };

/**
 * Checks a note against the keys one trusts (C2SP signed-note, Signatures); never throws.
 * Signatures of unknown keys are passed over, one wrong signature of a known key refuses the note.
 */
export function verifyNote(note: SignedNote, keys: readonly (LogKey | WitnessKey)[]): NoteVerdict {
  const signedBy = new Map<LogKey | WitnessKey, SignedBy>();
  for (const signature of note.signatures) {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (key === undefined) continue;
    const found = verifySignature(note.text, signature, key);
    if (found === null) return { rejected: 'wrong_signature' };
    if (!signedBy.has(key)) signedBy.set(key, found);
  }
  return signedBy.size === 0 ? { rejected: 'no_known_signature' } : { signedBy: [...signedBy.values()] };
}

function verifySignature(text: string, signature: NoteSignature, key: LogKey | WitnessKey): SignedBy | null {
  if (key.role === 'witness') {
    const timeSeconds = verifyCosignature(text, signature.bytes, key);
    return timeSeconds === null ? null : { key, timeSeconds };
  }
  const claim = { signature: signature.bytes, message: utf8ToBytes(text), publicKey: key.publicKey };
  return isSignedBy(claim) ? { key } : null;
}
