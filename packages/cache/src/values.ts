import { type Logger, parseJson } from '@ironforge/kernel';
import type { Redis } from 'ioredis';
import type { CacheKey } from './keys.ts';

/** JSON values with the lifetime of their key. */
export interface Values {
  /** The JSON value of a key, of unknown shape; null when there is none, it is no JSON, or Redis does not answer. */
  read(key: CacheKey): Promise<unknown>;
  /** Keeps a JSON value for the lifetime of the key; lost without harm when Redis does not answer. */
  write(key: CacheKey, value: object): Promise<void>;
}

/** Makes reading and writing of values on one Redis client. */
export function createValues({ redis, log }: { readonly redis: Redis; readonly log: Logger }): Values {
  return {
    read: async (key) => {
      const text = await tolerant(() => redis.get(key.text), key);
      return text === null ? null : parseJson(text);
    },
    write: async (key, value) => {
      await tolerant(() => redis.set(key.text, JSON.stringify(value), 'PX', key.ttlMs), key);
    },
  };

  async function tolerant<T>(ask: () => Promise<T>, key: CacheKey): Promise<T | null> {
    if (redis.status !== 'ready') return null;
    try {
      return await ask();
    } catch (error) {
      log.warn({ key: key.text, err: error }, 'the cache does not answer, going on without it');
      return null;
    }
  }
}
