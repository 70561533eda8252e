import { hasCode, type Logger } from '@ironforge/kernel';
import type { ConsumeMessage } from 'amqplib';
import type { Delivery, Handle } from './messages.ts';
import type { Pause } from './pause.ts';
import type { Publisher } from './publisher.ts';
import { reasonToPostpone } from './postponed.ts';
import { attemptOf, deadLetter, parseDelivery, postpone, reasonOf, retryOrDead } from './redirect.ts';
import type { RetryDelay } from './topology.ts';

/** What one consumer needs to judge its messages; `counts` is what became of them so far. */
export interface Work {
  readonly queue: string;
  readonly handle: Handle;
  readonly retryDelays: readonly RetryDelay[];
  readonly publisher: Publisher;
  readonly pause: Pause;
  readonly counts: { acked: number; retried: number; postponed: number; dead: number };
  readonly log: Logger;
}

/**
 * Takes one message to its end: handled, or safe in a retry queue or the dead queue. True when it may be acked,
 * false when `stopped` came first and the message must go back to its queue.
 */
export async function processMessage(
  work: Work,
  message: ConsumeMessage,
  stopped: AbortSignal,
): Promise<boolean> {
  const delivery = parseDelivery(work.queue, message);
  for (;;) {
    await work.pause.passed(stopped);
    if (stopped.aborted) return false;
    const verdict = delivery === null ? MALFORMED : await judge(work, delivery);
    if (verdict !== 'paused' && (await carryOut(work, verdict, message))) return resume(work);
    pauseFor(work, verdict === 'paused' ? 'dependency_down' : 'publish_failed');
  }
}

type Judged =
  | 'ack'
  | { readonly dead: string }
  | { readonly retry: string }
  | { readonly postpone: string }
  | 'paused';

const MALFORMED: Judged = { dead: 'malformed_json' };

async function judge({ queue, handle, log }: Work, delivery: Delivery): Promise<Judged> {
  try {
    const verdict = await handle(delivery);
    return verdict === 'retry' ? { retry: 'asked by the handler' } : verdict;
  } catch (error) {
    if (hasCode(error, 'dependency_down')) return 'paused';
    const reason = reasonToPostpone(error);
    if (reason !== null) return { postpone: reason };
    log.warn({ queue, id: delivery.id, attempt: delivery.attempt, err: error }, 'handler failed');
    return { retry: reasonOf(error) };
  }
}

/** False when a retry or a dead letter could not be published; the message is still ours then. */
async function carryOut(
  work: Work,
  verdict: Exclude<Judged, 'paused'>,
  message: ConsumeMessage,
): Promise<boolean> {
  if (verdict === 'ack') return count(work, 'acked');
  if ('postpone' in verdict) return await putOff(work, message, verdict.postpone);
  const redirected =
    'dead' in verdict
      ? deadLetter(work.queue, message, verdict.dead)
      : retryOrDead(work, message, verdict.retry);
  if ((await work.publisher.publishRaw(redirected.message)) !== null) return false;
  if (redirected.dead) reportDead(work, message, redirected.reason);
  return count(work, redirected.dead ? 'dead' : 'retried');
}

/** Said once of each message, for it may go round for hours. */
async function putOff(work: Work, message: ConsumeMessage, reason: string): Promise<boolean> {
  const { queue, log } = work;
  const { message: later, times } = postpone(work, message, reason);
  if ((await work.publisher.publishRaw(later)) !== null) return false;
  const id: unknown = message.properties.messageId;
  if (times === 1) log.warn({ queue, id, reason }, 'a message waits alone');
  return count(work, 'postponed');
}

function count({ counts }: Work, what: keyof Work['counts']): true {
  counts[what]++;
  return true;
}

function reportDead({ queue, log }: Work, message: ConsumeMessage, reason: string): void {
  const id: unknown = message.properties.messageId;
  log.error({ alert: 'dead_letter', queue, id, attempt: attemptOf(message), reason }, 'a message is dead');
}

function pauseFor({ queue, pause, log }: Work, reason: string): void {
  if (pause.close()) log.warn({ queue, reason }, 'consumer pauses');
}

function resume({ queue, pause, log }: Work): true {
  if (pause.reset()) log.info({ queue }, 'consumer goes on');
  return true;
}
