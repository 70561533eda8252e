import type { ChainFailure, EndpointObserver, EndpointStatus } from '@ironforge/chain-core';
import { AppError } from '@ironforge/kernel';
import { DelegateBackoff, handleWhenResult, type IRetryBackoffContext, retry } from 'cockatiel';
import type { Endpoint } from './endpoint.ts';
import type { HeadSurvey } from './head-survey.ts';
import { isRecord } from './json-reader.ts';
import { isOwnFault } from './own-fault.ts';
import type { RpcAnswer, RpcCall, RpcSilence } from './rpc-client.ts';

/** The endpoints of one chain, in the order of preference. */
export interface RpcPool {
  /** Answers of the first endpoint that answers at all. Throws `dependency_down` when none does, and when to ask again where that is why. */
  ask(calls: readonly RpcCall[]): Promise<readonly RpcReply[]>;
  /**
   * The same for calls of which some answers are enough: where no endpoint answers all, those of the first that answers any,
   * null for the others. An endpoint that was asked too often answers none: it will tell later.
   */
  askSome(calls: readonly RpcCall[]): Promise<readonly (RpcReply | null)[]>;
}

/** The pool from inside: also each endpoint for itself. */
export interface EndpointPool extends RpcPool {
  /** Those that may be asked one call within so long: the healthy ones first, then those that failed or are of another chain; never one that lags. */
  readonly askable: (patienceMs: number) => readonly Endpoint[];
  /** A pool of each endpoint alone, under the same guards. */
  readonly each: readonly RpcPool[];
  /** The same for what has no hurry: it is asked only while half of an endpoint's burst is left to everybody else. */
  readonly unhurried: RpcPool;
  readonly statuses: () => readonly EndpointStatus[];
}

/** An answer that a node did give. */
export type RpcReply = Exclude<RpcAnswer, RpcSilence>;

/** What a pool is made of. */
export interface PoolParts {
  readonly endpoints: readonly Endpoint[];
  readonly survey: HeadSurvey;
  readonly observer: Pick<EndpointObserver, 'changed'>;
}

/** Reads over several endpoints: the next one is asked only when one did not answer, has a fault of its own, lags, or was asked too often. */
export function createRpcPool(parts: PoolParts): EndpointPool {
  const watch = createStateWatch(parts);
  return {
    ...asking(parts, parts.endpoints, watch),
    askable: (patienceMs) => askable(parts, { calls: 1, patienceMs }),
    each: parts.endpoints.map((endpoint) => asking(parts, [endpoint], watch)),
    unhurried: asking(
      parts,
      parts.endpoints.map((endpoint) => ({ ...endpoint, ...endpoint.unhurried })),
      watch,
    ),
    statuses: () => parts.endpoints.map((endpoint) => statusOf(parts.survey, endpoint)),
  };
}

/** The one value that was asked for. Throws `dependency_down` when the node refused to tell. */
export async function askOne(pool: RpcPool, method: string, params: readonly unknown[]): Promise<unknown> {
  const [reply] = await pool.ask([{ method, params }]);
  return resultOf(reply);
}

/** The value of a reply. Throws `dependency_down` with the node's text when it is an error. */
export function resultOf(reply: RpcReply | undefined): unknown {
  if (reply !== undefined && 'result' in reply) return reply.result;
  throw new AppError('dependency_down', { retry: 'later', detail: reply?.error.message ?? 'no answer' });
}

type Guarded = Pick<PoolParts, 'survey' | 'endpoints'>;

interface Wish {
  readonly calls: number;
  readonly patienceMs: number;
}

function askable({ survey, endpoints }: Guarded, { calls, patienceMs }: Wish): readonly Endpoint[] {
  const allowed = endpoints.filter((it) => !survey.isLagging(it) && it.waitMs(calls) <= patienceMs);
  const isLast = (it: Endpoint) => it.isFailing() || it.isForeign();
  return [...allowed.filter((it) => !isLast(it)), ...allowed.filter(isLast)];
}

/** Nobody answered all: why, and how long until somebody may be asked; null when waiting would not help. */
interface Unanswered {
  readonly failures: readonly string[];
  /** What the first said that answered any. */
  readonly some: readonly (RpcReply | null)[] | null;
  /** Somebody was asked too often, or nobody may be asked yet: who asks later is told. */
  readonly isTooOften: boolean;
  readonly waitMs: number | null;
}

type Attempt = { readonly replies: readonly RpcReply[] } | Unanswered;

/** Waits of this length are waited here, a few times; longer ones are for whoever asked. */
const PATIENCE_MS = 2_000;
const MAX_WAITS = 3;

const waiting = retry(handleWhenResult(isWorthWaiting), {
  maxAttempts: MAX_WAITS,
  backoff: new DelegateBackoff(({ result }: IRetryBackoffContext<unknown>) =>
    'value' in result ? (waitIn(result.value) ?? 0) : 0,
  ),
});

function isWorthWaiting(result: unknown): boolean {
  const wait = waitIn(result);
  return wait !== null && wait <= PATIENCE_MS;
}

function waitIn(result: unknown): number | null {
  const wait = isRecord(result) ? result['waitMs'] : null;
  return typeof wait === 'number' ? wait : null;
}

function asking({ survey }: PoolParts, endpoints: readonly Endpoint[], watch: () => void): RpcPool {
  const attemptAll = async (calls: readonly RpcCall[]): Promise<Attempt> => {
    await survey.refresh();
    const attempt = await waiting.execute(() => tryEach({ survey, endpoints }, calls));
    watch();
    return attempt;
  };
  return {
    async ask(calls) {
      const attempt = await attemptAll(calls);
      if ('replies' in attempt) return attempt.replies;
      throw noneAnswers(attempt);
    },
    async askSome(calls) {
      const attempt = await attemptAll(calls);
      if ('replies' in attempt) return attempt.replies;
      if (attempt.some !== null) return attempt.some;
      throw noneAnswers(attempt);
    },
  };
}

function noneAnswers({ failures, isTooOften, waitMs }: Unanswered): AppError {
  const detail = `no node answers: ${failures.join('; ')}`;
  const retryAfterSeconds = isTooOften ? Math.max(1, Math.ceil((waitMs ?? 0) / 1_000)) : undefined;
  return new AppError('dependency_down', { retry: 'later', detail, retryAfterSeconds });
}

async function tryEach(guarded: Guarded, calls: readonly RpcCall[]): Promise<Attempt> {
  const failures: string[] = [];
  let faulty: readonly RpcReply[] | null = null;
  let some: Unanswered['some'] = null;
  let refusals = 0;
  const asked = askable(guarded, { calls: calls.length, patienceMs: 0 });
  for (const endpoint of asked) {
    const answers = await endpoint.ask(calls);
    const failed = answers.find((answer) => 'failed' in answer);
    if (failed === undefined) {
      const replies = answers.filter(isReply);
      if (!isOwnFault(calls, replies)) return { replies };
      faulty ??= replies;
      continue;
    }
    failures.push(`${endpoint.name}: ${textOf(failed.failed)}`);
    refusals += answers.some(isRefusal) ? 1 : 0;
    some ??= someOf(answers);
  }
  if (faulty !== null) return { replies: faulty };
  const waitMs = soonest(guarded, asked, calls.length);
  return {
    failures: [...failures, ...leftOut(guarded, calls.length)],
    some,
    isTooOften: refusals > 0 || (asked.length === 0 && waitMs !== null),
    waitMs,
  };
}

/** Null when there is none, or when the endpoint was asked too often. */
function someOf(answers: readonly RpcAnswer[]): Unanswered['some'] {
  if (answers.some(isRefusal) || !answers.some(isReply)) return null;
  return answers.map((answer) => (isReply(answer) ? answer : null));
}

function isRefusal(answer: RpcAnswer): boolean {
  return 'failed' in answer && answer.failed.reason === 'rate_limited';
}

function isReply(answer: RpcAnswer): answer is RpcReply {
  return !('failed' in answer);
}

function textOf({ reason, detail }: ChainFailure): string {
  return `${reason}, ${detail}`;
}

function leftOut({ survey, endpoints }: Guarded, calls: number): readonly string[] {
  return endpoints.flatMap((endpoint) => {
    const { name } = endpoint;
    if (survey.isLagging(endpoint)) return [`${name}: ${survey.lagOf(endpoint)} blocks behind the others`];
    const wait = endpoint.waitMs(calls);
    return wait > 0 ? [`${name}: not to be asked for ${wait} ms`] : [];
  });
}

/**
 * How long until one that has to wait for its turn may be asked, 0 for one that had to and whose turn has come meanwhile; null when
 * nobody waits for that.
 */
function soonest({ survey, endpoints }: Guarded, asked: readonly Endpoint[], calls: number): number | null {
  const inTurn = endpoints.filter((it) => !survey.isLagging(it));
  const waits = inTurn.flatMap((it) => {
    const wait = it.waitMs(calls);
    return wait > 0 || !asked.includes(it) ? [wait] : [];
  });
  return waits.length === 0 ? null : Math.min(...waits);
}

function statusOf(survey: HeadSurvey, endpoint: Endpoint): EndpointStatus {
  const { name } = endpoint;
  const lagBlocks = survey.lagOf(endpoint);
  if (endpoint.isForeign()) return { name, state: 'wrong_chain', lagBlocks };
  if (endpoint.isFailing()) return { name, state: 'failing', lagBlocks };
  if (endpoint.isPaused()) return { name, state: 'paused', lagBlocks };
  return { name, state: survey.isLagging(endpoint) ? 'lagging' : 'asked', lagBlocks };
}

/** Tells of each change of an endpoint's state, once. */
function createStateWatch({ endpoints, survey, observer }: PoolParts): () => void {
  const known = new Map<string, string>(endpoints.map(({ name }) => [name, 'asked']));
  return () => {
    for (const status of endpoints.map((endpoint) => statusOf(survey, endpoint))) {
      if (known.get(status.name) !== status.state) observer.changed(status);
      known.set(status.name, status.state);
    }
  };
}
