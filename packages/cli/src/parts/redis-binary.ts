import { join } from 'node:path';
import { libraryPath } from './library-path.ts';
import { folderOnPath } from './on-path.ts';
import type { PartContext } from './part.ts';

/** Redis' program; `libraries` is the LD_LIBRARY_PATH it needs, empty for none. */
export interface RedisBinary {
  readonly path: string;
  readonly libraries: string;
}

/** The oldest version that will do. */
export const OLDEST_REDIS = 7;

/** Redis on this system; null when there is none that is new enough. */
export async function redisOnPath({
  env,
  run,
}: Pick<PartContext, 'env' | 'run'>): Promise<RedisBinary | null> {
  const folder = folderOnPath(env, 'redis-server');
  if (folder === null) return null;
  const path = join(folder, 'redis-server');
  const major = /v=(\d+)/.exec(await run(path, ['--version']))?.[1];
  return Number(major) >= OLDEST_REDIS ? { path, libraries: '' } : null;
}

/** Redis of the Debian package. */
export async function fetchRedis({ fetchApt }: PartContext): Promise<RedisBinary> {
  const folder = await fetchApt('redis-server');
  return { path: join(folder, 'usr/bin/redis-server'), libraries: libraryPath(folder) };
}
