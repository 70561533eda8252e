import { type Environment, jsonText, readConfig, SERVICE_ENV, signingKey } from '@ironforge/service-kit';
import { z } from 'zod';

const schema = z.object({
  ...SERVICE_ENV,
  DATABASE_URL: z.url(),
  AMQP_URL: z.url(),
  /** Ed25519 JWK by which the heads of all logs are signed. */
  AUDIT_SIGNING_KEY: jsonText(signingKey),
  /** Begins the name of each log (C2SP tlog-checkpoint, origin); the tenant's id ends it. */
  AUDIT_ORIGIN: z
    .string()
    .regex(/^[a-z0-9][a-z0-9./-]{0,150}[a-z0-9]$/, 'must be a name like logs.example.com/audit'),
});

/** What the audit service is told by its environment. */
export type Config = z.output<typeof schema>;

/** Reads the configuration. Throws `config_invalid` that lists every problem at once. */
export function parseConfig(environment: Environment): Config {
  return readConfig(schema, environment);
}
