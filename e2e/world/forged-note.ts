import { generateKeyPairSync, sign } from 'node:crypto';

/** A note with the same text, and under the same name and id of the key a signature of another. */
export function signedByAnother(note: string): string {
  const at = note.lastIndexOf('\n\n');
  const text = note.slice(0, at + 1);
  const [dash, name, signature] = note
    .slice(at + 2)
    .trim()
    .split(' ');
  const keyId = Buffer.from(signature ?? '', 'base64').subarray(0, 4);
  const other = sign(null, Buffer.from(text), generateKeyPairSync('ed25519').privateKey);
  return `${text}\n${dash} ${name} ${Buffer.concat([keyId, other]).toString('base64')}\n`;
}
