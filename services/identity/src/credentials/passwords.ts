import { availableParallelism } from 'node:os';
import { hash, type Options, verify } from '@node-rs/argon2';
import { type Limit, limitConcurrency } from './limit-concurrency.ts';

/** OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane; the library's default algorithm is Argon2id. */
const ARGON2ID: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PARAMETERS = '$argon2id$v=19$m=19456,t=2,p=1$';

/** Passwords are hashed and compared off the event loop, a bounded number at once. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long for an account without a hash as for one with: then a dummy is compared and the answer is no. */
  matches(hash: string | null, password: string): Promise<boolean>;
  /** True when the hash was made with weaker parameters than today's. */
  isOutdated(hash: string): boolean;
  /** For work that must not run beside more sign-ins than hashes are computed at once. */
  readonly limit: Limit;
}

/** Makes the password functions; computes the dummy hash first. */
export async function createPasswords(): Promise<Passwords> {
  const limit = limitConcurrency({ running: availableParallelism(), waiting: 200 });
  const dummy = await hash('no account has this password', ARGON2ID);
  return {
    hash: async (password) => await limit(async () => await hash(password, ARGON2ID)),
    matches: async (stored, password) => (await verify(stored ?? dummy, password)) && stored !== null,
    isOutdated: (stored) => !stored.startsWith(PARAMETERS),
    limit,
  };
}
