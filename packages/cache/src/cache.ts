import type { Logger } from '@ironforge/kernel';
import { Redis } from 'ioredis';
import type { KeyKind } from './keys.ts';
import { createLocks, type Locks } from './lock.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';
import { createValues, type Values } from './values.ts';

/** Where Redis is. */
export interface CacheOptions {
  readonly url: string;
  readonly log: Logger;
  /** Put before every key; for tests that share a server. */
  readonly prefix?: string;
}

/** Redis as IronForge uses it: everything in it may be lost at any moment, and only speed is lost with it. */
export interface Cache extends Locks, Values, AsyncDisposable {
  createRateLimiter<Part extends string>(kind: KeyKind<Part>): RateLimiter<Part>;
  state(): { readonly connected: boolean };
  close(): Promise<void>;
}

/** Connects; returns after the first try, and goes on trying while Redis is down. */
export async function createCache({ url, log, prefix = '' }: CacheOptions): Promise<Cache> {
  const redis = new Redis(url, { ...CLIENT, keyPrefix: prefix });
  reportState(redis, log);
  await firstAttempt(redis);
  const close = async () => redis.disconnect();
  return {
    ...createLocks({ redis, log }),
    ...createValues({ redis, log }),
    createRateLimiter: (kind) => createRateLimiter(redis, kind),
    state: () => ({ connected: redis.status === 'ready' }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function reportState(redis: Redis, log: Logger): void {
  let wasReady = true;
  redis.on('ready', () => {
    wasReady = true;
    log.info({}, 'connected to Redis');
  });
  redis.on('error', (error: Error) => {
    if (wasReady) log.warn({ err: error }, 'Redis does not answer, trying again');
    wasReady = false;
  });
}

function firstAttempt(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    redis.once('ready', () => resolve());
    redis.once('close', () => resolve());
  });
}

/** Redis answers within a millisecond: one that is silent for so long has gone without a word, and its connection is given up. */
const SILENCE_MS = 3_000;
/** A command that was sent is not sent again after a loss: nobody knows what became of it. */
const CLIENT = {
  connectTimeout: SILENCE_MS,
  socketTimeout: SILENCE_MS,
  commandTimeout: SILENCE_MS,
  maxRetriesPerRequest: 3,
  autoResendUnfulfilledCommands: false,
  keepAlive: 30_000,
  retryStrategy: (tries: number) => Math.min(50 * tries, 2_000),
};
