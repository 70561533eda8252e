import { isRootCertificates, isServerKey, parseImmudbUrl } from '@ironforge/immudb';
import { type Environment, jsonText, readConfig, SERVICE_ENV, signingKey } from '@ironforge/service-kit';
import { z } from 'zod';
import { pushTargets } from './push/targets.ts';
import { witnesses } from './witness/witness.ts';

/** `immudb://user:password@host:port/database`, or `immudbs://…` for TLS; its problems are told without it, for the password's sake. */
const immudbPlace = z.string().transform((text, context) => {
  const place = parseImmudbUrl(text);
  if (place !== null) return place;
  context.addIssue({
    code: 'custom',
    message: 'must be immudb://user:password@host:port/database, or immudbs:// for TLS',
  });
  return z.NEVER;
});

const values = z.object({
  ...SERVICE_ENV,
  DATABASE_URL: z.url(),
  AMQP_URL: z.url(),
  /** Which encrypts what is personal in entries. */
  IDENTITY_URL: z.url(),
  /** Ed25519 JWK by which the heads of all logs are signed. */
  AUDIT_SIGNING_KEY: jsonText(signingKey),
  /** The one before, so long as logs are rotated from it: each log's last head by this key is signed by both. */
  AUDIT_PREVIOUS_SIGNING_KEY: jsonText(signingKey).optional(),
  /** Begins the name of each log (C2SP tlog-checkpoint, origin); the tenant's id ends it. */
  AUDIT_ORIGIN: z
    .string()
    .regex(/^[a-z0-9][a-z0-9./-]{0,150}[a-z0-9]$/, 'must be a name like logs.example.com/audit'),
  /** Where the second copy of the log is kept; without it the log is kept in SQL alone. */
  IMMUDB_URL: immudbPlace.optional(),
  /** In PEM (SPKI, P-256): the key that the server signs its states with. */
  IMMUDB_PUBLIC_KEY: z.string().refine(isServerKey, 'must be a public key on P-256, in PEM').optional(),
  /** In PEM: whom the certificate of an `immudbs://` server comes from, where that is none that Node trusts. */
  IMMUDB_CA: z.string().refine(isRootCertificates, 'must be certificates, in PEM').optional(),
  /** AES-256 key, 64 hex digits: it keeps the keys by which texts stand in immudb. */
  AUDIT_COPY_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits')
    .optional(),
  /** RabbitMQ's management HTTP API, with a user who may administer: by it tenants get streams; without it they get none. */
  AMQP_MANAGEMENT_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where readers of streams reach the broker, if it is another address than our own; without user and password. */
  AMQP_PUBLIC_URL: z.url({ protocol: /^amqps?$/ }).optional(),
  /** Where sealed entries are pushed to: a list of `{ name, tenantId, url, format, ca? }`, none by default. */
  AUDIT_PUSH: jsonText(pushTargets).prefault('[]'),
  /** Who is asked to cosign the heads of all logs: a list of `{ url, key }`, none by default (C2SP tlog-witness). */
  AUDIT_WITNESSES: jsonText(witnesses).prefault('[]'),
  /** A witness is asked about a log at most once in so long. */
  AUDIT_WITNESS_PACE_MS: z.coerce.number().int().min(100).max(3_600_000).default(10_000),
  /** The watcher, which alone reads chains; without it there are no reports about them. */
  CHAIN_WATCHER_EVM_URL: z.url().optional(),
  /** An export is made and downloaded in parts of so many numbers of the log. */
  AUDIT_EXPORT_PART_ENTRIES: z.coerce.number().int().min(1).max(5_000).default(500),
});

const schema = values
  .refine(
    ({ IMMUDB_URL, IMMUDB_PUBLIC_KEY }) => (IMMUDB_URL === undefined) === (IMMUDB_PUBLIC_KEY === undefined),
    { path: ['IMMUDB_PUBLIC_KEY'], error: 'IMMUDB_URL and the key of that server go together' },
  )
  .refine(({ IMMUDB_URL, IMMUDB_CA }) => IMMUDB_CA === undefined || IMMUDB_URL?.tls === true, {
    path: ['IMMUDB_CA'],
    error: 'is for a server of immudbs:// alone',
  })
  .refine(({ IMMUDB_URL, AUDIT_COPY_KEY }) => IMMUDB_URL === undefined || AUDIT_COPY_KEY !== undefined, {
    path: ['AUDIT_COPY_KEY'],
    error: 'IMMUDB_URL needs the key that keeps the keys of copied texts',
  })
  .refine(
    ({ AUDIT_SIGNING_KEY, AUDIT_PREVIOUS_SIGNING_KEY }) =>
      AUDIT_SIGNING_KEY.x !== AUDIT_PREVIOUS_SIGNING_KEY?.x,
    { path: ['AUDIT_PREVIOUS_SIGNING_KEY'], error: 'is the same key as AUDIT_SIGNING_KEY' },
  );

/** What the audit service is told by its environment. */
export type Config = z.output<typeof schema>;

/** Reads the configuration. Throws `config_invalid` that lists every problem at once. */
export function parseConfig(environment: Environment): Config {
  return readConfig(schema, environment);
}
