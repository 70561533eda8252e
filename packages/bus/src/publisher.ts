import type { Logger } from '@ironforge/kernel';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import { type KeptChannel, keepChannelOpen } from './channel.ts';
import type { Connection } from './connection.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import {
  CONTENT_TYPE,
  type OutgoingMessage,
  type Publish,
  type PublishFailure,
  type PublishOutcome,
  type WrittenMessage,
} from './messages.ts';
import { type Answer, createPublishBatch, type PublishBatch } from './publish-batch.ts';
import { createWindow } from './window.ts';

/** A message in bytes, with the headers that our own retries and dead letters carry. */
export interface RawMessage {
  readonly id: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly contentType?: string | undefined;
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
  const inFlight = createInFlight(createWindow(options.window));
  const kept = keepChannelOpen<ConfirmChannel>({
    name: 'publisher',
    open: () => options.connection.model.createConfirmChannel(),
    setUp: async (channel) =>
      void channel.on('return', (message: Message) => inFlight.noteReturn(tagOf(message))),
    log: options.log,
  });
  const publishAll = createPublishAll(options, kept, inFlight);
  return {
    publish: async (messages) => {
      const answers = await publishAll(messages.map(toRaw));
      return messages.map(({ id }, index) => outcomeOf(id, answers[index] ?? null));
    },
    publishRaw: async (message) => (await publishAll([message]))[0] ?? null,
    ready: kept.ready,
    stats: () => ({ unconfirmed: inFlight.count() }),
    close: async () => {
      await inFlight.settled();
      await kept.close();
    },
  };
}

const NO_HEADERS = {};

function toRaw(message: OutgoingMessage | WrittenMessage): RawMessage {
  const { id, exchange, routingKey } = message;
  const place = { id, exchange, routingKey };
  if (!('text' in message))
    return { ...place, content: Buffer.from(JSON.stringify(message.body)), headers: NO_HEADERS };
  const { text, headers = NO_HEADERS, contentType } = message;
  return { ...place, content: Buffer.from(text), headers, contentType };
}

function outcomeOf(id: string, failure: Answer): PublishOutcome {
  return failure === null ? { id, confirmed: true } : { id, confirmed: false, reason: failure };
}

type PublishAll = (messages: readonly RawMessage[]) => Promise<readonly Answer[]>;

function createPublishAll(
  { connection, confirmTimeoutMs }: PublisherOptions,
  kept: KeptChannel<ConfirmChannel>,
  inFlight: InFlight,
): PublishAll {
  const channelNow = () => (connection.state().blocked ? 'blocked' : (kept.current() ?? 'not_connected'));
  return async (messages) => {
    const batch = createPublishBatch({
      size: messages.length,
      timeoutMs: confirmTimeoutMs,
      onTimeout: inFlight.giveUp,
    });
    void handAll(messages, batch);
    return await batch.answers;
  };

  /** In their order, as soon as there is room for each; what is not sent when the time is over stays unsent. */
  async function handAll(messages: readonly RawMessage[], batch: PublishBatch): Promise<void> {
    for (const [index, message] of messages.entries()) {
      if (!inFlight.window.tryEnter()) await inFlight.window.enter();
      if (batch.isOver()) return inFlight.window.leave();
      const channel = channelNow();
      const tag = inFlight.add(batch, index);
      if (typeof channel === 'string') inFlight.settle(tag, channel);
      else hand(channel, message, { tag, inFlight });
    }
  }
}

interface Handing {
  readonly tag: string;
  readonly inFlight: InFlight;
}

function hand(channel: ConfirmChannel, message: RawMessage, { tag, inFlight }: Handing): void {
  const { exchange, routingKey, content } = message;
  try {
    channel.publish(exchange, routingKey, content, properties(message, tag), (error) =>
      inFlight.settle(tag, failureOf(error)),
    );
  } catch {
    inFlight.settle(tag, 'channel_closed'); // amqplib throws when the channel has just gone
  }
}

function properties({ id, headers, contentType = CONTENT_TYPE }: RawMessage, tag: string): Options.Publish {
  return {
    messageId: id,
    correlationId: tag,
    contentType,
    persistent: true,
    mandatory: true,
    headers,
  };
}

function tagOf(message: Message): string {
  return String(message.properties.correlationId);
}

function failureOf(error: unknown): Answer {
  if (error === null) return null;
  return error instanceof Error && error.message === 'message nacked' ? 'nacked' : 'channel_closed';
}
