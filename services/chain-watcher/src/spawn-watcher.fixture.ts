import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseJson, present } from '@ironforge/kernel';
import { partUrl, saidBy, spawnBound } from '@ironforge/testing';
import { z } from 'zod';
import { internalKeys } from './callers.fixture.ts';
import type { WatcherParts } from './watcher.fixture.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const listeningLine = z.object({ msg: z.literal('listening'), url: z.string() });

/** A watcher in a process of its own. */
export interface SpawnedWatcher extends AsyncDisposable {
  readonly url: string;
  /** Ends it without a word (SIGKILL). */
  kill(): Promise<void>;
}

/** The service as it runs in production, told everything by its environment. */
export async function spawnWatcher({
  config,
  databaseUrl,
  amqpUrl,
}: Omit<WatcherParts, 'log'>): Promise<SpawnedWatcher> {
  const env = {
    ...process.env,
    ...internalKeys(),
    PORT: '0',
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    CHAIN: 'evm',
    CHAINS: JSON.stringify(config.CHAINS),
    DATABASE_URL: databaseUrl,
    AMQP_URL: amqpUrl,
    REDIS_URL: partUrl('REDIS_URL'),
  };
  const child = spawnBound(process.execPath, [MAIN], { env, stdout: 'pipe', stderr: 'inherit' });
  const output = present(child.stdout, 'the output');
  const url = await saidBy(output, (line) => listeningLine.safeParse(parseJson(line)).data?.url);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { url, kill, [Symbol.asyncDispose]: kill };
}
