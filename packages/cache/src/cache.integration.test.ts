import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createCollectingLogger,
  createFaultProxy,
  type FaultProxy,
  partUrl,
  testKeyPrefix,
  waitUntil,
} from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cache, createCache } from './cache.ts';
import { cacheKey, KEYS } from './keys.ts';

const log = createCollectingLogger();
/** Longer than any test: an entry that is not to end in a test does not, however slow the machine is. */
const HOUR_MS = 3_600_000;
const nonceLock = { ...KEYS.nonceLock, ttlMs: HOUR_MS };
const userRate = { ...KEYS.userRate, ttlMs: HOUR_MS };
const lane = cacheKey(nonceLock, { tenantId: randomUUID(), chainId: 'eip155:31337', address: '0xab' });
const user = { tenantId: randomUUID(), userId: randomUUID() };

let link: FaultProxy;
let one: Cache;
let other: Cache;

beforeEach(async () => {
  link = await createFaultProxy(partUrl('REDIS_URL'));
  const [url, prefix] = [link.urlFor(partUrl('REDIS_URL')), testKeyPrefix()];
  [one, other] = await Promise.all([createCache({ url, log, prefix }), createCache({ url, log, prefix })]);
});

afterEach(async () => {
  await Promise.all([one.close(), other.close()]);
  await link[Symbol.asyncDispose]();
});

describe('a lock', () => {
  it('is held by one process at a time, and free again after its release', async () => {
    const first = await one.acquireLock(lane);
    expect(first.state).toBe('held');
    expect(await other.acquireLock(lane)).toEqual({ state: 'busy' });
    expect(first.state === 'held' && (await one.releaseLock(lane, first.token))).toBe(true);
    expect((await other.acquireLock(lane)).state).toBe('held');
  });

  it('is never released by another token', async () => {
    await one.acquireLock(lane);
    expect(await other.releaseLock(lane, 'not the token')).toBe(false);
    expect(await other.acquireLock(lane)).toEqual({ state: 'busy' });
  });

  it('ends by itself when its holder died', async () => {
    const short = { ...lane, ttlMs: 50 };
    expect((await one.acquireLock(short)).state).toBe('held');
    await waitUntil('the end', async () => (await other.acquireLock(short)).state === 'held');
  });

  it('lets work under one key run one after the other', async () => {
    let running = 0;
    const work = async () => {
      expect(++running).toBe(1);
      await sleep(3);
      running--;
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).withLock(lane, work)));
  });

  it('is unavailable at once when Redis is down, and the work runs without it', async () => {
    link.refuse();
    await waitUntil('the loss', () => !one.state().connected);
    expect(await one.acquireLock(lane)).toEqual({ state: 'unavailable' });
    expect(await one.withLock(lane, async () => 'done')).toBe('done');
  });
});

describe('a rate limit', () => {
  it('is shared by all processes', async () => {
    const [here, there] = [one.createRateLimiter(userRate), other.createRateLimiter(userRate)];
    const answers = [];
    for (let n = 0; n < 6; n++) answers.push(await (n % 2 ? here : there).take(user, 4));
    expect(answers.map((answer) => answer.allowed)).toEqual([true, true, true, true, false, false]);
    expect(answers[0]).toMatchObject({ limit: 4, remaining: 3 });
    expect(answers[5]?.resetMs).toBeGreaterThan(HOUR_MS / 2);
    expect(answers[5]?.resetMs).toBeLessThanOrEqual(HOUR_MS);
  });

  it('counts every subject apart', async () => {
    const limiter = one.createRateLimiter(userRate);
    await limiter.take(user, 1);
    expect((await limiter.take(user, 1)).allowed).toBe(false);
    expect((await limiter.take({ ...user, userId: randomUUID() }, 1)).allowed).toBe(true);
  });

  it('limits per process while Redis is down, and never not at all', async () => {
    const limiter = one.createRateLimiter(userRate);
    link.refuse();
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await limiter.take(user, 2));
    expect(answers.map((answer) => answer.allowed)).toEqual([true, true, false, false]);
  });

  it('counts in Redis again once it is back', async () => {
    const limiter = one.createRateLimiter(userRate);
    link.refuse();
    await waitUntil('the loss', () => !one.state().connected && !other.state().connected);
    await limiter.take(user, 2);
    link.heal();
    await waitUntil('the return', () => one.state().connected && other.state().connected);
    await limiter.take(user, 2);
    expect(await other.createRateLimiter(userRate).take(user, 2)).toMatchObject({
      allowed: true,
      remaining: 0,
    });
  });
});

describe('a value', () => {
  const fees = cacheKey({ ...KEYS.gasPrice, ttlMs: HOUR_MS }, { chainId: 'eip155:31337' });

  it('is read back by every process until it runs out', async () => {
    await one.write(fees, { maxFeePerGas: '7' });
    expect(await other.read(fees)).toEqual({ maxFeePerGas: '7' });
    await one.write({ ...fees, ttlMs: 50 }, { maxFeePerGas: '8' });
    await waitUntil('the end', async () => (await other.read(fees)) === null);
  });

  it('is missing when Redis falls silent with its connection open, which is given up', async () => {
    link.cut();
    expect(await one.read(fees)).toBeNull();
    await waitUntil('the loss', () => !one.state().connected);
    expect(await one.acquireLock(fees)).toEqual({ state: 'unavailable' });
    link.heal();
    await waitUntil('the return', () => one.state().connected);
  });

  it('that is no JSON counts as missing: Redis may hold anything', async () => {
    await one.acquireLock(fees); // a token stands there now
    expect(await one.read(fees)).toBeNull();
  });

  it('is missing, without an error, while Redis is down', async () => {
    link.refuse();
    await waitUntil('the loss', () => !one.state().connected);
    await one.write(fees, { maxFeePerGas: '7' });
    expect(await one.read(fees)).toBeNull();
  });
});

it('starts while Redis is down', async () => {
  const cache = await createCache({ url: 'redis://127.0.0.1:1', log });
  expect(cache.state()).toEqual({ connected: false });
  await cache.close();
});
