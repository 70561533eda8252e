import { type Environment, readConfig, SERVICE_ENV } from '@ironforge/service-kit';
import { z } from 'zod';

const schema = z.object({ ...SERVICE_ENV, DATABASE_URL: z.url(), AMQP_URL: z.url() });

/** What the audit service is told by its environment. */
export type Config = z.output<typeof schema>;

/** Reads the configuration. Throws `config_invalid` that lists every problem at once. */
export function parseConfig(environment: Environment): Config {
  return readConfig(schema, environment);
}
