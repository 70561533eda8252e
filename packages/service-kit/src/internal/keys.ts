import { z } from 'zod';

/** Public Ed25519 key as a JWK (RFC 8037); `kid` is the name of the service that signs with it. */
const publicKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().length(43),
  kid: z.string().min(1),
});

/** Private Ed25519 key as a JWK (RFC 8037) of the service named by `kid`. */
export const signingKey = publicKey.extend({ d: z.string().length(43) });
export type SigningKey = z.output<typeof signingKey>;

/** The public keys of all services. */
export const internalJwks = z.object({ keys: z.array(publicKey).min(1) });
export type InternalJwks = z.output<typeof internalJwks>;
