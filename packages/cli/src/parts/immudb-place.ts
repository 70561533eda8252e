import { createPublicKey } from 'node:crypto';
import { z } from 'zod';

/**
 * How immudb is reached; `address` is host and port, `serverPublicKey` the key of its signed states, in PEM (SPKI, P-256), and
 * `rootCertificates`, in PEM too, whom its certificate comes from where Node trusts none of them.
 */
export const ImmudbPlace = z.object({
  address: z.string(),
  database: z.string(),
  user: z.string(),
  password: z.string(),
  tls: z.boolean().optional(),
  rootCertificates: z.string().optional(),
  serverPublicKey: z.string(),
});

export type ImmudbPlace = z.infer<typeof ImmudbPlace>;

/** The public half of a private or public key in PEM. Throws for a text that is none. */
export function publicKeyOf(pem: string): string {
  return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
}
