import { createCipheriv } from 'node:crypto';
import { leafHash } from '@ironforge/audit-log';

/** A longer text is copied by its leaf hash alone: what a value can have at most is the server's choice, 32 MB by default. */
export const MAX_TEXT_BYTES = 1_024 * 1_024;

/**
 * What stands in immudb for a text: its leaf hash of 32 bytes, then cipher and tag (AES-256-GCM, NIST SP 800-38D); of a long text the leaf
 * hash alone. The IV is the beginning of the leaf hash, which is the additional data too: so the same text gives the same value, and
 * no two texts share an IV.
 */
export function copyValue(text: string, key: Buffer): Buffer {
  const bytes = Buffer.from(text);
  const leaf = leafHash(bytes);
  if (bytes.length > MAX_TEXT_BYTES) return Buffer.from(leaf);
  const cipher = createCipheriv('aes-256-gcm', key, leaf.subarray(0, IV_BYTES)).setAAD(leaf);
  return Buffer.concat([leaf, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

const IV_BYTES = 12;
