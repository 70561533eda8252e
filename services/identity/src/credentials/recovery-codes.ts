import { randomBytes } from 'node:crypto';
import type { KeyedHash } from './keyed-hash.ts';
import { base32 } from './totp.ts';

/** What proves a person beside his password: a code of his authenticator, or one of those for when it is lost. */
export type SecondFactor = 'totp' | 'recovery_code';

const COUNT = 10;
/** For ten letters of base 32, which hold 50 bits. */
const BYTES = 7;
const LETTERS = 10;
const GROUP = 5;

/** Ten new recovery codes of 50 bits, as they are shown: `ABCDE-FGH23`. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () => {
    const letters = base32(randomBytes(BYTES)).slice(0, LETTERS);
    return `${letters.slice(0, GROUP)}-${letters.slice(GROUP)}`;
  });
}

/** What is stored of a recovery code; the same for lower case, and without the hyphen. */
export function recoveryCodeHash(keyedHash: KeyedHash, code: string): string {
  return keyedHash('recovery_code', code.replace('-', '').toUpperCase());
}

/** Which of the two a code is by its form: those of an authenticator are six digits. */
export function secondFactorOf(code: string): SecondFactor {
  return /^[0-9]{6}$/.test(code) ? 'totp' : 'recovery_code';
}
