import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a hash is for; two purposes never give the same hash for the same text. */
type Purpose =
  | 'email'
  | 'api_key'
  | 'refresh_token'
  | 'refresh_token_tag'
  | 'recovery_code'
  | 'sign_in_account'
  | 'sign_in_ip'
  | 'request_body';

/** HMAC-SHA-256 of a text, 64 hex digits: equal texts can be found, and nobody without the key can guess them. */
export type KeyedHash = (purpose: Purpose, text: string) => string;

/** Makes keyed hashes with one secret key. */
export function createKeyedHash(key: string): KeyedHash {
  return (purpose, text) => createHmac('sha256', key).update(`${purpose}\0${text}`).digest('hex');
}

/** Compares two hashes without telling by the time where they differ. */
export function equalHashes(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
