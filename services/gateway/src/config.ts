import { type Environment, readConfig, SERVICE_ENV } from '@ironforge/service-kit';
import { z } from 'zod';

const requests = z.coerce.number().int().min(1);

const schema = z.object({
  ...SERVICE_ENV,
  /** Where clients reach the gateway; stands in the OpenAPI document. */
  PUBLIC_URL: z.url(),
  REDIS_URL: z.url(),
  IDENTITY_URL: z.url(),
  WALLET_REGISTRY_URL: z.url(),
  TX_ORCHESTRATOR_URL: z.url(),
  CHAIN_WATCHER_EVM_URL: z.url(),
  AUDIT_URL: z.url(),
  /** How many proxies of one's own stand in front and append to `X-Forwarded-For`. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
  USER_REQUESTS_PER_MINUTE: requests.default(60_000),
  IP_REQUESTS_PER_MINUTE: requests.default(120_000),
  REQUESTS_PER_SECOND: requests.default(5_000),
  /** Whoever reads a stream is asked so often whether he still may. */
  STREAM_RIGHTS_SECONDS: z.coerce.number().min(0.1).max(30).default(20),
});

export type Config = z.output<typeof schema>;

/** The gateway's configuration. Throws `config_invalid` with every problem. */
export function parseConfig(environment: Environment): Config {
  return readConfig(schema, environment);
}
