import type { Config } from '../config.ts';
import type { SigningIdentity } from './log-signers.ts';

/** By what the logs of a configured service are signed. */
export function signingIdentityOf(config: Config): SigningIdentity {
  const previous = config.AUDIT_PREVIOUS_SIGNING_KEY;
  return {
    origin: config.AUDIT_ORIGIN,
    seed: seedOf(config.AUDIT_SIGNING_KEY),
    previousSeed: previous === undefined ? null : seedOf(previous),
  };
}

function seedOf({ d }: Config['AUDIT_SIGNING_KEY']): Uint8Array {
  return Buffer.from(d, 'base64url');
}
