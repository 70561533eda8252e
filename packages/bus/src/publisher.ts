import type { Logger } from '@ironforge/kernel';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import { type KeptChannel, keepChannelOpen } from './channel.ts';
import type { Connection } from './connection.ts';
import {
  CONTENT_TYPE,
  type OutgoingMessage,
  type Publish,
  type PublishFailure,
  type PublishOutcome,
} from './messages.ts';
import { createWindow } from './window.ts';

/** A message in bytes, with the headers that our own retries and dead letters carry. */
export interface RawMessage {
  readonly id: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly headers: Readonly<Record<string, string | number>>;
}

/** The one confirm channel of a bus. */
export interface Publisher {
  readonly publish: Publish;
  /** One message as bytes; null when it was confirmed. */
  readonly publishRaw: (message: RawMessage) => Promise<PublishFailure | null>;
  /** Resolves when the channel is open for the first time. */
  readonly ready: Promise<void>;
  readonly stats: () => { readonly unconfirmed: number };
  close(): Promise<void>;
}

/** The limits of publishing. */
export interface PublisherOptions {
  readonly connection: Connection;
  readonly log: Logger;
  /** Messages on their way at once. */
  readonly window: number;
  readonly confirmTimeoutMs: number;
}

/**
 * Publishes persistent, mandatory messages on one confirm channel. A message counts as published when the broker
 * confirmed it and did not return it; refusal, loss of the channel and time-out are the same for the caller.
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const window = createWindow(options.window);
  const unconfirmed = new Map<string, Pending>();
  const kept = keepChannelOpen<ConfirmChannel>({
    name: 'publisher',
    open: () => options.connection.model.createConfirmChannel(),
    setUp: async (channel) =>
      void channel.on('return', (message: Message) => markReturned(unconfirmed, message)),
    log: options.log,
  });
  const send = createSend(options, kept, unconfirmed);
  const publishRaw = async (message: RawMessage) => {
    await window.enter();
    return send(message).finally(() => window.leave());
  };
  return {
    publish: (messages) => Promise.all(messages.map((message) => publishJson(publishRaw, message))),
    publishRaw,
    ready: kept.ready,
    stats: () => ({ unconfirmed: unconfirmed.size }),
    close: async () => {
      await Promise.all([...unconfirmed.values()].map((pending) => pending.done));
      await kept.close();
    },
  };
}

type SendOne = (message: RawMessage) => Promise<PublishFailure | null>;

async function publishJson(publishRaw: SendOne, message: OutgoingMessage): Promise<PublishOutcome> {
  const content = Buffer.from(JSON.stringify(message.body));
  const failure = await publishRaw({ ...message, content, headers: {} });
  return failure === null
    ? { id: message.id, confirmed: true }
    : { id: message.id, confirmed: false, reason: failure };
}

/** Messages in flight are told apart by a tag of ours, since one id may be on its way twice. */
function createSend(
  { connection, confirmTimeoutMs }: PublisherOptions,
  kept: KeptChannel<ConfirmChannel>,
  unconfirmed: Map<string, Pending>,
): SendOne {
  let lastTag = 0;
  return async (message) => {
    if (connection.state().blocked) return 'blocked';
    const channel = kept.current();
    if (channel === null) return 'not_connected';
    const tag = String(++lastTag);
    const pending = createPending(tag, confirmTimeoutMs);
    unconfirmed.set(tag, pending);
    hand(channel, message, pending);
    return pending.done.finally(() => unconfirmed.delete(tag));
  };
}

function markReturned(unconfirmed: ReadonlyMap<string, Pending>, returned: Message): void {
  const pending = unconfirmed.get(String(returned.properties.correlationId));
  if (pending !== undefined) pending.returned = true;
}

/** One message that waits for its confirm; the broker sends a return, if there is one, before the confirm. */
interface Pending {
  readonly tag: string;
  returned: boolean;
  readonly done: Promise<PublishFailure | null>;
  settle(failure: PublishFailure | null): void;
}

function createPending(tag: string, timeoutMs: number): Pending {
  const { promise, resolve } = Promise.withResolvers<PublishFailure | null>();
  const timer = setTimeout(() => resolve('timeout'), timeoutMs);
  return {
    tag,
    returned: false,
    done: promise,
    settle(failure) {
      clearTimeout(timer);
      resolve(failure);
    },
  };
}

function hand(channel: ConfirmChannel, message: RawMessage, pending: Pending): void {
  const { exchange, routingKey, content } = message;
  try {
    channel.publish(exchange, routingKey, content, properties(message, pending.tag), (error) =>
      pending.settle(failureOf(error, pending.returned)),
    );
  } catch {
    pending.settle('channel_closed'); // amqplib throws when the channel has just gone
  }
}

function properties({ id, headers }: RawMessage, tag: string): Options.Publish {
  return {
    messageId: id,
    correlationId: tag,
    contentType: CONTENT_TYPE,
    persistent: true,
    mandatory: true,
    headers,
  };
}

function failureOf(error: unknown, returned: boolean): PublishFailure | null {
  if (error === null) return returned ? 'unroutable' : null;
  return error instanceof Error && error.message === 'message nacked' ? 'nacked' : 'channel_closed';
}
