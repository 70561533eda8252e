import { ed25519 } from '@noble/curves/ed25519.js';

/** How long a signature is, in bytes (RFC 8032 §5.1.6). */
export const SIGNATURE_BYTES = 64;

/** What an Ed25519 signature is checked against. */
export interface Ed25519Claim {
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** True for the signature of this key over the message, by the strict rules (RFC 8032 §5.1.7, not ZIP 215); never throws. */
export function isSignedBy({ signature, message, publicKey }: Ed25519Claim): boolean {
  return (
    signature.length === SIGNATURE_BYTES && ed25519.verify(signature, message, publicKey, { zip215: false })
  );
}
