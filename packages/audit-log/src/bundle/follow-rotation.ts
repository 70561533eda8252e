import { formatKey, parseLogKey } from '../note/key-text.ts';
import type { LogKey } from '../note/keys.ts';
import { fieldsOf } from './fields.ts';
import { readBundle } from './read-bundle.ts';
import { verifyBundleBytes } from './verify-bundle.ts';

/**
 * Why nobody follows a bundle to another key. `no_rotation`: it is no proof of an entry that tells of one. `unknown_old_key`: that entry
 * goes on from a key that was not given. `malformed_new_key`: it goes on to what is no key of this log. `old_key_did_not_sign` and
 * `new_key_did_not_sign`: the bundle is not proved by that one, so its holder did not vouch for it.
 */
export type RotationFlaw =
  | 'no_rotation'
  | 'unknown_old_key'
  | 'malformed_new_key'
  | 'old_key_did_not_sign'
  | 'new_key_did_not_sign';

/** From which key to which a log went on, or why nobody needs to believe it. */
export type RotationVerdict =
  | { readonly from: LogKey; readonly to: LogKey }
  | { readonly rejected: RotationFlaw };

/**
 * Follows a log from a key that one has to the next, by the proof of the entry that tells of it: the old key must have signed that very
 * checkpoint, so that nobody who has the new key alone can bring it about; never throws.
 */
export function followRotation(bytes: Uint8Array, known: readonly LogKey[]): RotationVerdict {
  const told = rotationIn(bytes);
  if (told === null) return { rejected: 'no_rotation' };
  const from = known.find((key) => formatKey(key) === told.from);
  if (from === undefined) return { rejected: 'unknown_old_key' };
  if (!isProvedBy(bytes, from)) return { rejected: 'old_key_did_not_sign' };
  const parsed = parseLogKey(told.to);
  if ('rejected' in parsed || parsed.key.name !== from.name) return { rejected: 'malformed_new_key' };
  return isProvedBy(bytes, parsed.key) ? { from, to: parsed.key } : { rejected: 'new_key_did_not_sign' };
}

function isProvedBy(bytes: Uint8Array, logKey: LogKey): boolean {
  return verifyBundleBytes(bytes, { logKeys: [logKey], witnessKeys: [], since: null }).isProved;
}

interface ToldRotation {
  readonly from: string;
  readonly to: string;
}

function rotationIn(bytes: Uint8Array): ToldRotation | null {
  const read = readBundle(bytes);
  const entry = 'bundle' in read ? fieldsOf(fieldsOf(read.bundle)?.get('entry')) : null;
  const details = fieldsOf(entry?.get('details'));
  const [from, to] = [details?.get('from'), details?.get('to')];
  const isRotation = entry?.get('type') === 'audit_signing_key_rotated';
  return isRotation && typeof from === 'string' && typeof to === 'string' ? { from, to } : null;
}
