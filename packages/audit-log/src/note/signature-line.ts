import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { formatBase64, parseBase64 } from '../text/encodings.ts';
import { linesOf } from '../text/lines.ts';
import { isKeyName, KEY_ID_BYTES } from './key-name.ts';

/** Of how many signatures a note is read; C2SP signed-note asks for at least 16. */
export const MAX_SIGNATURES = 16;

/** What a key is said to have signed: `keyId` is eight hexadecimal digits, `bytes` the signature without it. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly bytes: Uint8Array;
}

/** Why a text is no list of signatures. */
export type SignaturesFlaw = 'malformed_signature' | 'too_many_signatures';

/** Signatures, or why the text is none. */
export type SignaturesParse =
  | { readonly signatures: readonly NoteSignature[] }
  | { readonly rejected: SignaturesFlaw };

/** The signature lines of a note, which are also what a witness answers (C2SP signed-note, Format; tlog-witness); never throws. */
export function parseSignatures(text: string): SignaturesParse {
  const lines = linesOf(text) ?? [];
  if (lines.length > MAX_SIGNATURES) return { rejected: 'too_many_signatures' };
  const signatures = lines.flatMap((line) => parseSignature(line) ?? []);
  const isWhole = signatures.length > 0 && signatures.length === lines.length;
  return isWhole ? { signatures } : { rejected: 'malformed_signature' };
}

/** One signature line, without its newline: em dash, name, base64 of key id and signature (C2SP signed-note, Signatures). */
export function formatSignature({ name, keyId, bytes }: NoteSignature): string {
  return `${MARK}${name} ${formatBase64(concatBytes(hexToBytes(keyId), bytes))}`;
}

const MARK = '\u2014 ';

function parseSignature(line: string): NoteSignature | null {
  if (!line.startsWith(MARK)) return null;
  const [name = '', encoded = '', ...more] = line.slice(MARK.length).split(' ');
  const bytes = parseBase64(encoded);
  if (!isKeyName(name) || more.length > 0 || bytes === null || bytes.length <= KEY_ID_BYTES) return null;
  const keyId = bytesToHex(bytes.subarray(0, KEY_ID_BYTES));
  return { name, keyId, bytes: bytes.slice(KEY_ID_BYTES) };
}
