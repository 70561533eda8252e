import { randomBytes } from 'node:crypto';
import { compactUuid, expandUuid } from './compact-uuid.ts';

const FORM = /^ifk_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;
const SECRET_BYTES = 32;

/** A new key `ifk_<id>_<secret>`; the text is shown once, only a keyed hash of it is stored. */
export function makeApiKeyText(id: string): string {
  return `ifk_${compactUuid(id)}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** The id that a key names; null when the text is not of that form. */
export function readApiKeyId(text: string): string | null {
  const compact = FORM.exec(text)?.[1];
  return compact === undefined ? null : expandUuid(compact);
}
