import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from '../json-file.ts';
import type { Program } from '../supervisor/program.ts';
import { askRedis } from './asks.ts';
import { findSource } from './find-source.ts';
import type { Part, PartContext } from './part.ts';
import { portOf } from './port-of.ts';
import { fetchRedis, OLDEST_REDIS, type RedisBinary, redisOnPath } from './redis-binary.ts';

/** Redis: given, or a private instance with its own password, port and append-only file. */
export async function redisPart(context: PartContext): Promise<Part<string>> {
  const found = await findSource({
    name: 'Redis',
    variable: 'REDIS_URL',
    program: `redis-server (version ${OLDEST_REDIS} or newer)`,
    given: context.env['REDIS_URL'],
    onPath: () => redisOnPath(context),
    fetch: () => fetchRedis(context),
  });
  if (found.from === 'url')
    return { name: 'redis', source: 'given by REDIS_URL', address: found.url, stages: [] };
  const port = portOf(context.ports, 'redis');
  const address = `redis://:${context.secrets.redisPassword}@127.0.0.1:${port}`;
  const program = redisProgram(context, found.binary, address);
  return { name: 'redis', source: found.binary.path, address, stages: [[program]] };
}

// The password is in a file of mode 0600, not among the arguments.
function redisProgram(context: PartContext, { path, libraries }: RedisBinary, url: string): Program {
  const { home, ports, secrets } = context;
  const port = portOf(ports, 'redis');
  const dir = join(home.data, 'redis');
  const config = join(dir, 'redis.conf');
  return {
    name: 'redis',
    kind: 'server',
    command: path,
    args: [config],
    env: { LD_LIBRARY_PATH: libraries },
    ports: { redis: port },
    url,
    stopSignal: 'SIGTERM',
    prepare: async () => {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      writePrivate(config, configText({ dir, port, password: secrets.redisPassword }));
    },
    ask: () => askRedis(url),
  };
}

function configText({ dir, port, password }: { dir: string; port: number; password: string }): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir "${dir}"`,
    `requirepass ${password}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}
