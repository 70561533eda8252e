import { readFileSync } from 'node:fs';
import { type Environment, environment as schema } from '@ironforge/contracts';
import { present } from './present.ts';

/** The running installation that the tests look at from outside, as `./ironforge test` describes it to them. */
export const environment: Environment = schema.parse(
  JSON.parse(readFileSync(present(process.env['IRONFORGE_ENV_FILE'], 'IRONFORGE_ENV_FILE'), 'utf8')),
);

/** The EVM chain of the installation. */
export const chain = present(environment.chains[0], 'a chain');
