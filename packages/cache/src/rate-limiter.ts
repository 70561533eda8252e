import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
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
  const byLimit = new Map<number, RateLimiterRedis>();
  return {
    take: async (subject, limit) => {
      const limiter = byLimit.get(limit) ?? insuredLimiter(redis, kind, limit);
      byLimit.set(limit, limiter);
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

function insuredLimiter(redis: Redis, kind: KeyKind<string>, limit: number): RateLimiterRedis {
  const rule = { points: limit, duration: kind.ttlMs / 1_000, keyPrefix: kind.name };
  return new RateLimiterRedis({
    ...rule,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(rule),
  });
}

/** The library answers a refusal by rejecting with its result; anything else that is thrown is a fault. */
async function consume(limiter: RateLimiterRedis, subject: string, limit: number): Promise<Allowance> {
  try {
    return allowance(true, limit, await limiter.consume(subject));
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return allowance(false, limit, refusal);
    throw refusal;
  }
}

function allowance(allowed: boolean, limit: number, result: RateLimiterRes): Allowance {
  return { allowed, limit, remaining: result.remainingPoints, resetMs: result.msBeforeNext };
}
