import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { assert } from '@ironforge/kernel';

/** Where a cipher stands; it opens nowhere else. */
export interface CipherPlace {
  readonly tenantId: string;
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** Encrypts single fields for one place in the database. */
export interface FieldCipher {
  seal(place: CipherPlace, text: string): string;
  /** Throws when the cipher was changed or moved to another place. */
  open(place: CipherPlace, cipher: string): string;
}

const KEY_VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV; additional data `tenant|table|column|row|key version`. */
export function createFieldCipher(key: Buffer): FieldCipher {
  assert(key.length === 32, 'AES-256 needs 32 bytes');
  return {
    seal: (place, text) => `${KEY_VERSION}.${seal(key, place, text).toString('base64url')}`,
    open: (place, cipher) => open(key, place, Buffer.from(cipher.slice(KEY_VERSION.length + 1), 'base64url')),
  };
}

function seal(key: Buffer, place: CipherPlace, text: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(additionalData(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

function open(key: Buffer, place: CipherPlace, bytes: Buffer): string {
  const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData(place)).setAuthTag(tag);
  const sealed = bytes.subarray(IV_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
}

function additionalData({ tenantId, table, column, row }: CipherPlace): Buffer {
  return Buffer.from([tenantId, table, column, row, KEY_VERSION].join('|'));
}
