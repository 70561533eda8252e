import { present } from '@ironforge/kernel';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';

/** What people approve of a change, as the one text that is hashed: canonical JSON (RFC 8785). */
export function canonicalChange(content: object): string {
  return present(canonicalize(content), 'canonical form of a change');
}

/** The hash that approvals of a change are bound to: SHA-256 of the canonical text, `0x` and lower-case hex. */
export function changeHash(canonical: string): string {
  return `0x${bytesToHex(sha256(utf8ToBytes(canonical)))}`;
}
