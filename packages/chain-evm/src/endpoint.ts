import { setTimeout as rest } from 'node:timers/promises';
import type { ChainFailure, EndpointObserver } from '@ironforge/chain-core';
import {
  CircuitState,
  circuitBreaker,
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

/** How calls get their turn at an endpoint. */
export interface Turns {
  /** How many milliseconds until so many calls may be sent; 0: now. */
  readonly waitMs: (calls: number) => number;
  /** Answers in the order of the calls, sent in batches that it takes. Never throws. */
  ask(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]>;
}

/** One endpoint: never asked faster than it allows, left alone for as long as it says, and while it does not answer. */
export interface Endpoint extends Turns {
  readonly name: string;
  /** For what has no hurry: half of the burst is left to everybody else. */
  readonly unhurried: Turns;
  /** True while it asked to be left alone. */
  readonly isPaused: () => boolean;
  /** True from the fifth exchange in a row that came to nothing until one succeeds. */
  readonly isFailing: () => boolean;
  /** True once it said to be of another chain, until it says otherwise. */
  readonly isForeign: () => boolean;
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
  const { isFailing, send } = createExchange(options);
  const left = Math.ceil(burst / 2);
  const turns = { meter, send, queue: inLine(meter), size: Math.min(maxBatch, burst) };
  const spare = { ...turns, queue: behindAll(meter, left), size: Math.min(maxBatch, burst - left) };
  return {
    name,
    waitMs: meter.waitMs,
    ask: (calls) => askInTurn(turns, calls),
    unhurried: { waitMs: (calls) => meter.waitMs(calls + left), ask: (calls) => askInTurn(spare, calls) },
    isPaused: meter.isPaused,
    isFailing,
    isForeign: () => false,
  };
}

interface TurnsOptions {
  readonly meter: Meter;
  readonly queue: Queue;
  readonly send: Exchange['send'];
  /** Calls of one batch at most. */
  readonly size: number;
}

async function askInTurn(turns: TurnsOptions, calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> {
  const answers: RpcAnswer[] = [];
  const step = Math.max(1, turns.size);
  for (let from = 0; from < calls.length; from += step) {
    const given = await inTurn(turns, calls.slice(from, from + step));
    answers.push(...given);
    if (given.every((answer) => 'failed' in answer)) break;
  }
  return filled(answers, calls.length);
}

/** The rest of a list that was broken off is silence, for the same reason as its last answer. */
function filled(answers: readonly RpcAnswer[], count: number): readonly RpcAnswer[] {
  const last = answers.at(-1);
  return last === undefined
    ? []
    : [...answers, ...Array.from({ length: count - answers.length }, () => last)];
}

/** Waits until so many calls may be sent; null then, else why they may not. */
type Queue = (calls: number) => Promise<string | null>;

/** The tokens are taken before the wait, so that whoever comes meanwhile waits for those after these. */
function inLine(meter: Meter): Queue {
  return async (calls) => {
    const wait = meter.waitMs(calls);
    if (wait > PATIENCE_MS) return `left alone for ${wait} ms`;
    meter.take(calls);
    if (wait > 0) await rest(wait);
    return null;
  };
}

/** Whoever comes meanwhile goes first: tokens are taken when they are there and as many are left. */
function behindAll(meter: Meter, left: number): Queue {
  return async (calls) => {
    let waited = 0;
    for (let wait = meter.waitMs(calls + left); wait > 0; wait = meter.waitMs(calls + left)) {
      waited += wait;
      if (waited > PATIENCE_MS) return `not asked for ${waited} ms, since others have more hurry`;
      await rest(wait);
    }
    meter.take(calls);
    return null;
  };
}

async function inTurn(
  { meter, queue, send }: TurnsOptions,
  chunk: readonly RpcCall[],
): Promise<readonly RpcAnswer[]> {
  const refusal = await queue(chunk.length);
  if (refusal !== null) return silence(chunk, 'rate_limited', refusal);
  if (meter.isPaused()) return silence(chunk, 'rate_limited', 'asked to be left alone meanwhile');
  const answers = await send(chunk);
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
  readonly send: (calls: readonly RpcCall[]) => Promise<readonly RpcAnswer[]>;
}

function createExchange({ url, timeoutMs, name, observer }: EndpointOptions): Exchange {
  const client = createRpcClient({ url, timeoutMs });
  const failures = countFailures();
  const breaker = circuitBreaker(handleWhenResult(isDead), {
    halfOpenAfter: new ExponentialBackoff(TRIALS),
    breaker: failures,
  });
  const send = async (calls: readonly RpcCall[]) => {
    observer.called(name, calls.length);
    const answers = await client.send(calls);
    const failure = answers.find((answer) => 'failed' in answer);
    if (failure !== undefined) observer.failed(name, failure.failed.reason);
    if (!isDead(answers) && !calls.every(asksWhichChain)) failures.forget();
    return answers;
  };
  return {
    isFailing: () => breaker.state !== CircuitState.Closed || failures.areMany(),
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

/** Failures in a row, which no success ends by itself. */
function countFailures() {
  let count = 0;
  const areMany = () => count >= FAILURES_IN_A_ROW;
  return {
    state: null,
    success: () => undefined,
    failure: () => {
      count += 1;
      return areMany();
    },
    forget: () => void (count = 0),
    areMany,
  };
}

/** The one question that is asked before others. What stands before a stuck node may answer it, so it says nothing of that. */
function asksWhichChain({ method }: RpcCall): boolean {
  return method === 'eth_chainId';
}

/** Nothing in the whole exchange was answered; being asked too often is an answer. */
function isDead(answers: unknown): boolean {
  return Array.isArray(answers) && answers.every(isDeadAnswer);
}

function isDeadAnswer(answer: unknown): boolean {
  const failed = isRecord(answer) ? answer['failed'] : undefined;
  return isRecord(failed) && failed['reason'] !== 'rate_limited';
}
