import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { isPlainText } from '../text/lines.ts';

/** How many bytes of a hash name a key (C2SP signed-note, Signatures). */
export const KEY_ID_BYTES = 4;

/** True for a name that a key can have: not empty, no space of Unicode, no plus (C2SP signed-note, Format). */
export function isKeyName(name: string): boolean {
  return /^[^\p{White_Space}+]+$/u.test(name) && isPlainText(name);
}

/** The id of a key as eight hexadecimal digits: of SHA-256 over name, newline, type byte and public key (C2SP signed-note, Signatures). */
export function keyIdOf(name: string, typedKey: Uint8Array): string {
  const hash = sha256(concatBytes(utf8ToBytes(`${name}\n`), typedKey));
  return bytesToHex(hash.subarray(0, KEY_ID_BYTES));
}
