export type { Cache, CacheOptions } from './cache.ts';
export { createCache } from './cache.ts';
export type { CacheKey, KeyKind } from './keys.ts';
export { cacheKey, KEYS } from './keys.ts';
export type { Acquired, Locks } from './lock.ts';
export type { Allowance, RateLimiter } from './rate-limiter.ts';
export type { Values } from './values.ts';
