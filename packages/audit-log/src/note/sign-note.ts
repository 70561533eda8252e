import { assert } from '@ironforge/kernel';
import { ed25519 } from '@noble/curves/ed25519.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { LogSigner } from './keys.ts';
import { isNoteText } from './note.ts';
import type { NoteSignature } from './signature-line.ts';

/** The signature of a log over the text of a note (C2SP signed-note, Ed25519 signatures); the same every time (RFC 8032). */
export function signNote(text: string, { name, keyId, seed }: LogSigner): NoteSignature {
  assert(isNoteText(text), 'a note ends in a newline and has no control characters');
  return { name, keyId, bytes: ed25519.sign(utf8ToBytes(text), seed) };
}
