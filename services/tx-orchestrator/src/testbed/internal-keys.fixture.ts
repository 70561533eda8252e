import { generateKeyPairSync } from 'node:crypto';
import type { Config } from '../config.ts';

type SigningKey = Config['INTERNAL_SIGNING_KEY'];

/** The keys of the services that take part in a test. */
export interface InternalKeys {
  readonly gateway: SigningKey;
  readonly orchestrator: SigningKey;
  readonly jwks: Config['INTERNAL_JWKS'];
}

/** Makes the keys of gateway and orchestrator. */
export function internalKeys(): InternalKeys {
  const gateway = newKey('gateway');
  const orchestrator = newKey('tx-orchestrator');
  const jwks = { keys: [gateway, orchestrator].map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid })) };
  return { gateway, orchestrator, jwks };
}

function newKey(kid: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), kid } as SigningKey;
}
