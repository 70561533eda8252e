import { countedAddress, type Origin } from '@ironforge/service-kit';
import { normalizeEmail } from '../credentials/email-address.ts';
import type { IdentityDeps } from '../deps.ts';

/** A sign-in as it was asked for. */
export interface SignInAttempt extends Origin {
  readonly email: string;
  readonly password: string;
  /** What its owner wants in place of the password. */
  readonly newPassword?: string | undefined;
  /** Id or name, needed when the e-mail is in two tenants. */
  readonly tenant?: string | undefined;
  /** A code of the authenticator, or a recovery code. */
  readonly totp?: string | undefined;
}

/** An attempt with the hashed names under which its failures are counted. */
export interface CountedAttempt extends SignInAttempt {
  readonly account: string;
  readonly address: string;
  readonly emailIndex: string;
}

/** The attempt as its failures are counted: by keyed hashes of account and address (of IPv6 its network). */
export function countedAttempt(
  { hashEmail, keyedHash }: Pick<IdentityDeps, 'hashEmail' | 'keyedHash'>,
  attempt: SignInAttempt,
): CountedAttempt {
  const emailIndex = hashEmail(normalizeEmail(attempt.email));
  return {
    ...attempt,
    emailIndex,
    account: keyedHash('sign_in_account', emailIndex),
    address: keyedHash('sign_in_ip', countedAddress(attempt.ip)),
  };
}
