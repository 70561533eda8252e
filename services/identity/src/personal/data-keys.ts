import { randomBytes } from 'node:crypto';
import { type CipherPlace, createFieldCipher, type FieldCipher } from '../credentials/field-cipher.ts';
import type { SubjectPlace } from '../queries/subject-keys.ts';

/** The data keys of people: each encrypts what is personal about one, and lies in the database wrapped by the key of the installation. */
export interface DataKeys {
  /** A new random key, wrapped. */
  create(place: SubjectPlace): string;
  /** What encrypts by a wrapped key. */
  cipherOf(place: SubjectPlace, wrapped: string): FieldCipher;
}

const KEY_BYTES = 32;

/** Makes and unwraps data keys (AES-256, envelope encryption): whose wrapped key is gone, his ciphers open no more. */
export function createDataKeys(installation: FieldCipher): DataKeys {
  return {
    create: (place) => installation.seal(keyPlace(place), randomBytes(KEY_BYTES).toString('hex')),
    cipherOf: (place, wrapped) =>
      createFieldCipher(Buffer.from(installation.open(keyPlace(place), wrapped), 'hex'), 'v2'),
  };
}

function keyPlace({ tenant_id, subject }: SubjectPlace): CipherPlace {
  return { tenantId: tenant_id, table: 'subject_keys', column: 'key_cipher', row: subject };
}
