import { chainEntries } from '@ironforge/contracts';
import { type Environment, jsonText, readConfig, SERVICE_ENV } from '@ironforge/service-kit';
import { z } from 'zod';

const schema = z.object({
  ...SERVICE_ENV,
  CHAIN: z.literal('evm'),
  CHAINS: jsonText(chainEntries),
  DATABASE_URL: z.url(),
  AMQP_URL: z.url(),
  REDIS_URL: z.url(),
});

/** What the watcher is told by its environment. */
export type Config = z.output<typeof schema>;

/** Reads the configuration; `CHAINS_FILE` names the list of chains. Throws `config_invalid` that lists every problem at once. */
export function parseConfig(environment: Environment): Config {
  return readConfig(schema, environment);
}
