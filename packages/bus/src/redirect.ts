import { present } from '@ironforge/kernel';
import type { ConsumeMessage } from 'amqplib';
import type { Delivery } from './messages.ts';
import type { RawMessage } from './publisher.ts';
import { deadQueueOf, type RetryDelay } from './topology.ts';

/** Where a message that was not acked goes next, ready to be published. */
export interface Redirected {
  readonly message: RawMessage;
  readonly dead: boolean;
  readonly reason: string;
}

/** The message with its JSON body parsed, or null when the body is not JSON. */
export function parseDelivery(queue: string, message: ConsumeMessage): Delivery | null {
  const { redelivered } = message.fields;
  try {
    const body: unknown = JSON.parse(message.content.toString('utf8'));
    const timesPutOff = countIn(message, PUT_OFF);
    return { id: idOf(message), queue, body, attempt: attemptOf(message), timesPutOff, redelivered };
  } catch {
    return null;
  }
}

/** To the delay that this attempt has earned, and after the last one to the dead queue. */
export function retryOrDead(
  { queue, retryDelays }: { readonly queue: string; readonly retryDelays: readonly RetryDelay[] },
  message: ConsumeMessage,
  reason: string,
): Redirected {
  const attempt = attemptOf(message);
  const delay = retryDelays[attempt];
  if (delay === undefined) return deadLetter(queue, message, reason);
  const headers = { 'x-attempt': attempt + 1, 'x-reason': shortened(reason) };
  return {
    message: { ...copy(message), exchange: delay.name, routingKey: queue, headers },
    dead: false,
    reason,
  };
}

/** A message that waits alone, and how often it was put off with this time. */
export interface Postponed {
  readonly message: RawMessage;
  readonly times: number;
}

/** To a delay that grows with how often it was put off; its tries are not counted, so it never becomes a dead letter by it. */
export function postpone(
  { queue, retryDelays }: { readonly queue: string; readonly retryDelays: readonly RetryDelay[] },
  message: ConsumeMessage,
  reason: string,
): Postponed {
  const times = countIn(message, PUT_OFF);
  const delay = present(retryDelays[Math.min(times, retryDelays.length - 1)], 'a delay');
  const headers = {
    'x-attempt': attemptOf(message),
    [PUT_OFF]: times + 1,
    'x-reason': shortened(reason),
  };
  return {
    message: { ...copy(message), exchange: delay.name, routingKey: queue, headers },
    times: times + 1,
  };
}

/** To the dead queue, with the reason. */
export function deadLetter(queue: string, message: ConsumeMessage, reason: string): Redirected {
  const headers = { 'x-attempt': attemptOf(message), 'x-reason': shortened(reason), 'x-queue': queue };
  const place = { exchange: '', routingKey: deadQueueOf(queue) };
  return { message: { ...copy(message), ...place, headers }, dead: true, reason };
}

/** How often the message was tried before, from our own header; 0 when there is none. */
export function attemptOf(message: ConsumeMessage): number {
  return countIn(message, 'x-attempt');
}

function countIn(message: ConsumeMessage, header: string): number {
  const count: unknown = message.properties.headers?.[header];
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** What a thrown value says in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function copy(message: ConsumeMessage): Pick<RawMessage, 'id' | 'content'> {
  return { id: idOf(message), content: message.content };
}

function idOf(message: ConsumeMessage): string {
  const id: unknown = message.properties.messageId;
  return typeof id === 'string' ? id : '';
}

function shortened(reason: string): string {
  return reason.slice(0, MAX_REASON_CHARS);
}

/** The header that counts it. */
const PUT_OFF = 'x-postponed';
const MAX_REASON_CHARS = 1_000;
