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
  /** Throws when the cipher was changed, moved to another place, or made by another key. */
  open(place: CipherPlace, cipher: string): string;
}

/** By what a cipher was made, as it says at its beginning: `v1` the key of the installation, `v2` the data key of a person. */
export type KeyVersion = 'v1' | 'v2';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV; additional data `tenant|table|column|row|key version`. */
export function createFieldCipher(key: Buffer, version: KeyVersion): FieldCipher {
  assert(key.length === 32, 'AES-256 needs 32 bytes');
  return {
    seal: (place, text) => {
      const bytes = seal(key, additionalData(place, version), text);
      return `${version}.${bytes.toString('base64url')}`;
    },
    open: (place, cipher) => {
      assert(versionOf(cipher) === version, 'a cipher is opened by the kind of key that made it');
      const bytes = Buffer.from(cipher.slice(version.length + 1), 'base64url');
      return open(key, additionalData(place, version), bytes);
    },
  };
}

/** By what this cipher was made; null for a text that is none. */
export function versionOf(cipher: string): KeyVersion | null {
  const [version] = cipher.split('.', 1);
  return version === 'v1' || version === 'v2' ? version : null;
}

function seal(key: Buffer, place: Buffer, text: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(place);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

function open(key: Buffer, place: Buffer, bytes: Buffer): string {
  const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(place).setAuthTag(tag);
  const sealed = bytes.subarray(IV_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
}

function additionalData({ tenantId, table, column, row }: CipherPlace, version: KeyVersion): Buffer {
  return Buffer.from([tenantId, table, column, row, version].join('|'));
}
