import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { parseBase64 } from '../text/encodings.ts';
import { sameBytes } from '../tree/hashes.ts';
import { type SignedState, signedBytes } from './signed-state.ts';

/** The public key by which a server of immudb's signs its states; `keyId` is eight hexadecimal digits of SHA-256 over its SPKI form. */
export interface ServerKey {
  readonly keyId: string;
  /** On P-256, uncompressed. */
  readonly point: Uint8Array;
}

/** Keys from a text, or which of its blocks, counted from 1, is none. */
export type ServerKeysParse =
  | { readonly keys: readonly ServerKey[] }
  | { readonly rejected: 'no_p256_key'; readonly block: number };

/** The public keys (PEM, SPKI, P-256) in a text, one block after the other; what stands around the blocks is passed over. Never throws. */
export function parseServerKeys(text: string): ServerKeysParse {
  const keys = new Map<string, ServerKey>();
  for (const [at, block] of text.split('-----BEGIN ').slice(1).entries()) {
    const key = parseBlock(block);
    if (key === null) return { rejected: 'no_p256_key', block: at + 1 };
    keys.set(key.keyId, key);
  }
  return { keys: [...keys.values()] };
}

/** True when the server's key signed this state (ECDSA, SHA-256, DER; high S too, for the server does not mind); never throws. */
export function isStateSigned(key: ServerKey, state: SignedState, signature: Uint8Array): boolean {
  try {
    return p256.verify(signature, signedBytes(state), key.point, { format: 'der', lowS: false });
  } catch {
    return false;
  }
}

/** What SPKI (RFC 5480) puts before an uncompressed point of P-256. */
const SPKI_OF_P256 = Uint8Array.of(
  ...[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48,
  ],
  ...[0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00],
);

function parseBlock(block: string): ServerKey | null {
  const body = /^PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(block)?.[1];
  const bytes = body === undefined ? null : parseBase64(body.replaceAll(/\s/g, ''));
  if (bytes === null || !sameBytes(bytes.subarray(0, SPKI_OF_P256.length), SPKI_OF_P256)) return null;
  const point = bytes.subarray(SPKI_OF_P256.length);
  return isPoint(point) ? { keyId: bytesToHex(sha256(bytes)).slice(0, 8), point } : null;
}

function isPoint(bytes: Uint8Array): boolean {
  return bytes.length === 65 && p256.utils.isValidPublicKey(bytes, false);
}
