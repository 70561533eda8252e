import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type SignedState, signedBytes } from '@ironforge/audit-log';

/** The pinned key of a server from PEM (SPKI). Throws for anything but a public key on P-256. */
export function parseServerKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('the key is not on P-256');
  return key;
}

/** True for a text that `parseServerKey` reads. */
export function isServerKey(pem: string): boolean {
  try {
    return parseServerKey(pem).type === 'public';
  } catch {
    return false;
  }
}

/** True when the server's key signed this state (ECDSA, SHA-256, DER). */
export function isSigned(key: KeyObject, state: SignedState, signature: Buffer): boolean {
  return verify('sha256', signedBytes(state), key, signature);
}
