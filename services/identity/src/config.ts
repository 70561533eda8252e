import { type Environment, jsonText, readConfig, SERVICE_ENV, signingKey } from '@ironforge/service-kit';
import { z } from 'zod';
import { DEFAULT_PLANS, planTable } from './accounts/plans.ts';
import { bootstrapFile } from './bootstrap.ts';

const secret = z.string().min(32);

const schema = z.object({
  ...SERVICE_ENV,
  DATABASE_URL: z.url(),
  AMQP_URL: z.url(),
  TX_ORCHESTRATOR_URL: z.url(),
  /** Ed25519 JWK that signs access tokens. */
  ACCESS_TOKEN_KEY: jsonText(signingKey),
  /** Hashes API keys and refresh tokens. */
  API_KEY_PEPPER: secret,
  /** AES-256 key, 64 hex digits. */
  PERSONAL_DATA_KEY: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
  EMAIL_INDEX_KEY: secret,
  PLAN_LIMITS: jsonText(planTable).default(DEFAULT_PLANS),
  /** The first tenant and its users, made once. */
  BOOTSTRAP: jsonText(bootstrapFile).optional(),
});

export type Config = z.output<typeof schema>;

/** Identity's configuration. Throws `config_invalid` with every problem. */
export function parseConfig(environment: Environment): Config {
  return readConfig(schema, environment);
}
