import { setTimeout as rest } from 'node:timers/promises';
import type { ChainFailure, EndpointObserver } from '@ironforge/chain-core';
import {
  CircuitState,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhenResult,
  isBrokenCircuitError,
} from 'cockatiel';
import { isRecord } from './json-reader.ts';
import { createRpcClient, type RpcAnswer, type RpcCall, type RpcSilence } from './rpc-client.ts';
import { type Bucket, type BucketRules, fullBucket, pause, take, waitMs } from './token-bucket.ts';

/** One endpoint with its allowance. */
export interface EndpointOptions extends BucketRules {
  readonly url: string;
  readonly name: string;
  readonly timeoutMs: number;
  readonly maxBatch: number;
  readonly nowMs: () => number;
  readonly observer: Pick<EndpointObserver, 'called' | 'failed'>;
}

/** One endpoint: never asked faster than it allows, left alone for as long as it says, and while it does not answer. */
export interface Endpoint {
  readonly name: string;
  /** How many milliseconds until so many calls may be sent; 0: now. */
  readonly waitMs: (calls: number) => number;
  /** True while it asked to be left alone. */
  readonly isPaused: () => boolean;
  /** True from the fifth exchange in a row that came to nothing until one succeeds. */
  readonly isFailing: () => boolean;
  /** True once it said to be of another chain, until it says otherwise. */
  readonly isForeign: () => boolean;
  /** Answers in the order of the calls, sent in batches that it takes. Never throws. */
  ask(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]>;
}

/** While an endpoint fails it is tried once in a while, at first after half a second, then up to every five. */
const TRIALS = { initialDelay: 500, maxDelay: 5_000 };
const FAILURES_IN_A_ROW = 5;
/** What an endpoint is left alone for that is asked too often and says no time; doubled each time, up to a minute. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** So long one call waits for its turn within a list that is longer than the burst. */
const PATIENCE_MS = 5_000;

/** Opens one endpoint; nothing is sent before it is asked. */
export function createEndpoint(options: EndpointOptions): Endpoint {
  const { name, maxBatch, burst } = options;
  const meter = createMeter(options);
  const exchange = createExchange(options);
  const size = Math.max(1, Math.min(maxBatch, burst));
  return {
    name,
    waitMs: meter.waitMs,
    isPaused: meter.isPaused,
    isFailing: exchange.isFailing,
    isForeign: () => false,
    async ask(calls) {
      const answers: RpcAnswer[] = [];
      for (let from = 0; from < calls.length; from += size) {
        const chunk = calls.slice(from, from + size);
        const given = await inTurn(meter, chunk, () => exchange.send(chunk));
        answers.push(...given);
        if (given.every((answer) => 'failed' in answer)) break;
      }
      return filled(answers, calls.length);
    },
  };
}

/** The rest of a list that was broken off is silence, for the same reason as its last answer. */
function filled(answers: readonly RpcAnswer[], count: number): readonly RpcAnswer[] {
  const last = answers.at(-1);
  return last === undefined
    ? []
    : [...answers, ...Array.from({ length: count - answers.length }, () => last)];
}

async function inTurn(
  meter: Meter,
  chunk: readonly RpcCall[],
  send: () => Promise<readonly RpcAnswer[]>,
): Promise<readonly RpcAnswer[]> {
  const wait = meter.waitMs(chunk.length);
  if (wait > PATIENCE_MS) return silence(chunk, 'rate_limited', `left alone for ${wait} ms`);
  // Taken before the wait, so that whoever comes meanwhile waits for the tokens after these.
  meter.take(chunk.length);
  if (wait > 0) await rest(wait);
  if (meter.isPaused()) return silence(chunk, 'rate_limited', 'asked to be left alone meanwhile');
  const answers = await send();
  meter.heed(answers);
  return answers;
}

function silence(
  calls: readonly RpcCall[],
  reason: ChainFailure['reason'],
  detail: string,
): readonly RpcSilence[] {
  return calls.map(() => ({ failed: { reason, detail } }));
}

interface Meter {
  readonly waitMs: (calls: number) => number;
  readonly isPaused: () => boolean;
  take(calls: number): void;
  heed(answers: readonly RpcAnswer[]): void;
}

function createMeter({ nowMs, ...rules }: EndpointOptions): Meter {
  let bucket: Bucket = fullBucket(rules, nowMs());
  let refusals = 0;
  return {
    waitMs: (count) => waitMs(rules, bucket, { count, nowMs: nowMs() }),
    take: (count) => void (bucket = take(rules, bucket, { count, nowMs: nowMs() })),
    isPaused: () => bucket.pausedUntilMs > nowMs(),
    heed(answers) {
      const refused = answers.find(isTooOften);
      if (refused === undefined) {
        refusals = 0;
        return;
      }
      // Answers that were on their way together are one refusal.
      if (bucket.pausedUntilMs <= nowMs()) refusals += 1;
      const guess = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (refusals - 1));
      bucket = pause(bucket, nowMs() + (refused.pauseMs ?? guess));
    },
  };
}

function isTooOften(answer: RpcAnswer): answer is RpcSilence {
  return 'failed' in answer && answer.failed.reason === 'rate_limited';
}

interface Exchange {
  readonly isFailing: () => boolean;
  send(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]>;
}

function createExchange({ url, timeoutMs, name, observer }: EndpointOptions): Exchange {
  const client = createRpcClient({ url, timeoutMs });
  const breaker = circuitBreaker(handleWhenResult(isDead), {
    halfOpenAfter: new ExponentialBackoff(TRIALS),
    breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
  });
  const send = async (calls: readonly RpcCall[]) => {
    observer.called(name, calls.length);
    const answers = await client.send(calls);
    const failure = answers.find((answer) => 'failed' in answer);
    if (failure !== undefined) observer.failed(name, failure.failed.reason);
    return answers;
  };
  return {
    isFailing: () => breaker.state !== CircuitState.Closed,
    async send(calls) {
      try {
        return await breaker.execute(() => send(calls));
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        return silence(calls, 'unreachable', 'left alone, for it did not answer');
      }
    },
  };
}

/** Nothing in the whole exchange was answered; being asked too often is an answer. */
function isDead(answers: unknown): boolean {
  return Array.isArray(answers) && answers.every(isDeadAnswer);
}

function isDeadAnswer(answer: unknown): boolean {
  const failed = isRecord(answer) ? answer['failed'] : undefined;
  return isRecord(failed) && failed['reason'] !== 'rate_limited';
}
