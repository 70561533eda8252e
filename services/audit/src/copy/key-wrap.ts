import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { assert, type TenantId } from '@ironforge/kernel';
import type { CopyKeyPlace } from '../queries/audit-copy-keys.ts';

/** Whose texts a key opens. */
export type KeyOwner = CopyKeyPlace & { readonly tenantId: TenantId };

/** Encrypts the keys of copied texts by the installation's key. */
export interface KeyWrap {
  /** 60 bytes for a key of 32. */
  wrap(owner: KeyOwner, key: Buffer): Buffer;
  /** Throws for what was wrapped by another key, or for another owner. */
  unwrap(owner: KeyOwner, wrapped: Uint8Array): Buffer;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV; additional data `tenant|audit_copy_keys|category|month`. */
export function createKeyWrap(master: Buffer): KeyWrap {
  assert(master.length === 32, 'AES-256 needs 32 bytes');
  return {
    wrap: (owner, key) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', master, iv).setAAD(additionalData(owner));
      const sealed = Buffer.concat([cipher.update(key), cipher.final()]);
      return Buffer.concat([iv, sealed, cipher.getAuthTag()]);
    },
    unwrap: (owner, wrapped) => {
      const [iv, tag] = [wrapped.subarray(0, IV_BYTES), wrapped.subarray(-TAG_BYTES)];
      const decipher = createDecipheriv('aes-256-gcm', master, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(additionalData(owner)).setAuthTag(tag);
      return Buffer.concat([decipher.update(wrapped.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    },
  };
}

function additionalData({ tenantId, category, month }: KeyOwner): Buffer {
  return Buffer.from([tenantId, 'audit_copy_keys', category, month].join('|'));
}
