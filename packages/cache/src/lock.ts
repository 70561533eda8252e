import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ironforge/kernel';
import type { Redis } from 'ioredis';
import type { CacheKey } from './keys.ts';

/** `unavailable`: Redis gave no answer. A lock only keeps contention away, so its user goes on without it. */
export type Acquired =
  | { readonly state: 'held'; readonly token: string }
  | { readonly state: 'busy' }
  | { readonly state: 'unavailable' };

/** Locks that keep contention away. */
export interface Locks {
  /** Tries once, for the lifetime of the key (`SET NX PX`: one command, so no lock outlives its holder's crash). */
  acquireLock(key: CacheKey): Promise<Acquired>;
  /** Gives a lock back if `token` still holds it; false when it ran out or another holds it. */
  releaseLock(key: CacheKey, token: string): Promise<boolean>;
  /**
   * Runs `work` while nobody else runs theirs under the same key, as far as Redis can tell: it waits at most the
   * lifetime of the key, and then, or when Redis is down, runs all the same. What must be right is decided elsewhere.
   */
  withLock<T>(key: CacheKey, work: () => Promise<T>): Promise<T>;
}

/** Makes the locks of one Redis client. */
export function createLocks(deps: Deps): Locks {
  const locks = {
    acquireLock: (key: CacheKey) => acquire(deps, key),
    releaseLock: (key: CacheKey, token: string) => release(deps, key, token),
  };
  return { ...locks, withLock: (key, work) => withLock(locks, key, work) };
}

interface Deps {
  readonly redis: Redis;
  readonly log: Logger;
}

async function acquire({ redis, log }: Deps, key: CacheKey): Promise<Acquired> {
  if (redis.status !== 'ready') return { state: 'unavailable' };
  const token = randomUUID();
  try {
    const answer = await redis.set(key.text, token, 'PX', key.ttlMs, 'NX');
    return answer === 'OK' ? { state: 'held', token } : { state: 'busy' };
  } catch (error) {
    log.warn({ key: key.text, err: error }, 'no lock, going on without it');
    return { state: 'unavailable' };
  }
}

async function release({ redis, log }: Deps, key: CacheKey, token: string): Promise<boolean> {
  if (redis.status !== 'ready') return false;
  try {
    return (await redis.eval(DELETE_IF_EQUAL, 1, key.text, token)) === 1;
  } catch (error) {
    log.warn({ key: key.text, err: error }, 'lock not released, it runs out by itself');
    return false;
  }
}

const DELETE_IF_EQUAL = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

async function withLock<T>(
  locks: Pick<Locks, 'acquireLock' | 'releaseLock'>,
  key: CacheKey,
  work: () => Promise<T>,
): Promise<T> {
  const acquired = await acquirePatiently(locks, key);
  try {
    return await work();
  } finally {
    if (acquired.state === 'held') await locks.releaseLock(key, acquired.token);
  }
}

async function acquirePatiently(
  { acquireLock }: Pick<Locks, 'acquireLock'>,
  key: CacheKey,
): Promise<Acquired> {
  const giveUpAt = performance.now() + key.ttlMs;
  for (;;) {
    const acquired = await acquireLock(key);
    if (acquired.state !== 'busy' || performance.now() > giveUpAt) return acquired;
    await sleep(MIN_POLL_MS + Math.random() * MIN_POLL_MS);
  }
}

const MIN_POLL_MS = 5;
