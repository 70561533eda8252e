import { type CipherPlace, type FieldCipher, versionOf } from '../credentials/field-cipher.ts';
import type { IdentityDeps } from '../deps.ts';
import type { SubjectPlace } from '../queries/subject-keys.ts';
import { subjectOfUser } from './subjects.ts';

/** What identity encrypts of a person, by where it stands. */
export interface UserField {
  readonly table: 'users' | 'refresh_families';
  readonly column: 'email_cipher' | 'display_name_cipher' | 'whereabouts_cipher';
  readonly row: string;
}

/** A user and his wrapped data key; null once he was erased, and of one from before there were such keys. */
export interface KeyHolder {
  readonly id: string;
  readonly tenant_id: string;
  readonly key_cipher: string | null;
}

type Deps = Pick<IdentityDeps, 'cipher' | 'dataKeys'>;

/** The name under which the data key of a user is kept. */
export function subjectPlace({ tenant_id, id }: Omit<KeyHolder, 'key_cipher'>): SubjectPlace {
  return { tenant_id, subject: subjectOfUser(id) };
}

/** Encrypts a field of a user under his own key. One from before there were such keys is moved at the next start. */
export function sealField(deps: Deps, holder: KeyHolder, { field, text }: FieldText): string {
  return (ownCipher(deps, holder) ?? deps.cipher).seal(placeOf(holder, field), text);
}

/** A field, and what stands in it: a text in clear, or a cipher. */
export interface FieldText {
  readonly field: UserField;
  readonly text: string;
}

/** Decrypts a field of a user; null when it was erased. */
export function openField(deps: Deps, holder: KeyHolder, { field, text }: FieldText): string | null {
  if (versionOf(text) === 'v1') return deps.cipher.open(placeOf(holder, field), text);
  return ownCipher(deps, holder)?.open(placeOf(holder, field), text) ?? null;
}

function ownCipher({ dataKeys }: Deps, holder: KeyHolder): FieldCipher | null {
  return holder.key_cipher === null ? null : dataKeys.cipherOf(subjectPlace(holder), holder.key_cipher);
}

function placeOf({ tenant_id }: KeyHolder, field: UserField): CipherPlace {
  return { tenantId: tenant_id, ...field };
}
