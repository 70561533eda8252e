import { z } from 'zod';
import { ROLES } from './permissions.ts';
import { chainId, uuid, wholeNumber } from './scalars.ts';

const process = z.object({
  name: z.string(),
  pid: z.int().nullable().describe('null while it starts again'),
  restarts: wholeNumber,
  logFile: z.string(),
});

/** How a local installation is reached, secrets included: what `ironforge env --json` prints for scripts and tests. */
export const environment = z.object({
  gatewayUrl: z.url(),
  tenantId: uuid,
  users: z.array(
    z.object({
      id: uuid,
      email: z.string(),
      password: z.string(),
      roles: z.array(z.enum(ROLES)),
      apiKey: z.string(),
    }),
  ),
  /** Those of the local users whom the start found refused, as after a suspension; the rest are `users`. */
  usersLeftOut: z.array(z.object({ email: z.string(), reason: z.string() })).default([]),
  chains: z.array(
    z.object({
      chainId,
      kind: z.literal('evm'),
      rpcUrl: z.url(),
      faucet: z.object({ address: z.string(), privateKey: z.string() }).nullable(),
    }),
  ),
  databaseUrl: z.string(),
  amqpUrl: z.string(),
  amqpManagementUrl: z.string(),
  redisUrl: z.string(),
  /** Null where the audit log is kept in SQL alone. */
  immudb: z
    .object({
      address: z.string().describe('host and port'),
      database: z.string(),
      user: z.string(),
      password: z.string(),
      serverPublicKey: z.string().describe('PEM'),
    })
    .nullable()
    .default(null),
  services: z.array(process.extend({ url: z.url() })),
  servers: z.array(process).default([]),
  /** Of the audit log of `tenantId`, in the form of c2sp.org/signed-note. */
  auditPublicKey: z.string(),
  /** The keys that were rotated away, newest first. */
  auditEarlierPublicKeys: z.array(z.string()).default([]),
});
export type Environment = z.infer<typeof environment>;
