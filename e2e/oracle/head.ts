import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { environment } from '../world/environment.ts';
import { present } from '../world/present.ts';

/** What a checkpoint says of its log: so many entries, and this root in base64. */
export interface Head {
  readonly size: number;
  readonly root: string;
}

/** Takes a signed checkpoint apart (c2sp.org/tlog-checkpoint). Throws when no key of the installation has signed it. */
export function headIn(note: string): Head {
  const [text, signatures] = splitNote(note);
  const keys = auditKeys();
  const signed = signatures.split('\n').some((line) => keys.some((key) => isBy(key, text, line)));
  if (!signed) throw new Error(`no key of the audit log has signed this checkpoint:\n${note}`);
  const [, size, root] = text.split('\n');
  return { size: Number(size), root: present(root, 'a root') };
}

function splitNote(note: string): [string, string] {
  const at = note.lastIndexOf('\n\n');
  return [note.slice(0, at + 1), note.slice(at + 2)];
}

const KEY_ID_BYTES = 4;

function isBy(key: KeyObject, text: string, line: string): boolean {
  const signature = Buffer.from(line.split(' ')[2] ?? '', 'base64').subarray(KEY_ID_BYTES);
  return verify(null, Buffer.from(text), key, signature);
}

/** That of now, and those that were rotated away. */
function auditKeys(): KeyObject[] {
  return [environment.auditPublicKey, ...environment.auditEarlierPublicKeys].map(keyIn);
}

/** What follows name and id in a verifier key: the type of the key, one byte, and the key (c2sp.org/signed-note). */
function keyIn(text: string): KeyObject {
  // Base64 has plus signs of its own; name and id have none.
  const [, , ...rest] = text.split('+');
  const x = Buffer.from(rest.join('+'), 'base64').subarray(1).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
