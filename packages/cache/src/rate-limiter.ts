import type { Redis } from 'ioredis';
import type { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { type KeyKind, subjectOf } from './keys.ts';

/** What one request may do, and what to tell its sender. */
export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

/** Counts requests per subject in windows as long as the key lives. */
export interface RateLimiter<Part extends string> {
  /** Counts one request against `limit` per window. Never throws: without Redis it counts in this process. */
  take(subject: Readonly<Record<Part, string>>, limit: number): Promise<Allowance>;
}

/** Makes a limiter for one kind of key; the limit may differ from subject to subject. */
export function createRateLimiter<Part extends string>(redis: Redis, kind: KeyKind<Part>): RateLimiter<Part> {
  const byLimit = new Map<number, Promise<RateLimiterRedis>>();
  return {
    take: async (subject, limit) => {
      const made = byLimit.get(limit) ?? insuredLimiter(redis, kind, limit);
      byLimit.set(limit, made);
      const limiter = await made;
      writeAtEndOfTurn(redis);
      return consume(limiter, subjectOf(kind, subject), limit);
    },
  };
}

/** What is counted in one turn of the event loop goes to Redis in one write: the system call costs more than the command. */
function writeAtEndOfTurn({ status, stream }: Redis): void {
  if (status !== 'ready') return;
  stream.cork();
  setImmediate(() => stream.uncork());
}

/** The library is loaded by services that limit, and by no other: it is two megabytes (ADR 0028). */
async function insuredLimiter(redis: Redis, kind: KeyKind<string>, limit: number): Promise<RateLimiterRedis> {
  const { RateLimiterMemory, RateLimiterRedis } = await import('rate-limiter-flexible');
  const rule = { points: limit, duration: kind.ttlMs / 1_000, keyPrefix: kind.name };
  return new RateLimiterRedis({
    ...rule,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(rule),
  });
}

/** The library answers a refusal by rejecting with its result, which is no error; anything else that is thrown is a fault. */
async function consume(limiter: RateLimiterRedis, subject: string, limit: number): Promise<Allowance> {
  try {
    return allowance(true, limit, await limiter.consume(subject));
  } catch (thrown) {
    if (isRefusal(thrown)) return allowance(false, limit, thrown);
    throw thrown;
  }
}

function isRefusal(thrown: unknown): thrown is RateLimiterRes {
  return (
    !(thrown instanceof Error) && typeof thrown === 'object' && thrown !== null && 'msBeforeNext' in thrown
  );
}

function allowance(allowed: boolean, limit: number, result: RateLimiterRes): Allowance {
  return { allowed, limit, remaining: result.remainingPoints, resetMs: result.msBeforeNext };
}
