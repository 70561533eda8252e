import type { Logger } from '@ironforge/kernel';
import type { Channel, ConsumeMessage } from 'amqplib';
import { keepChannelOpen } from './channel.ts';
import type { Connection } from './connection.ts';
import { declareTopology } from './declare-topology.ts';
import { inTime } from './in-time.ts';
import type { Handle } from './messages.ts';
import { createPause } from './pause.ts';
import { processMessage, type Work } from './process-message.ts';
import type { Publisher } from './publisher.ts';
import type { Topology } from './topology.ts';

/** What to consume, and by which handler. */
export interface ConsumeOptions {
  readonly queue: string;
  /** Messages in hand at once; each is handled as soon as it comes. */
  readonly prefetch: number;
  readonly handle: Handle;
}

/** What one consumer is doing, and what became of its messages since it started. */
export interface ConsumerState {
  readonly queue: string;
  readonly open: boolean;
  /** A dependency of the handler is down: messages wait in hand, nothing is counted. */
  readonly paused: boolean;
  readonly inHand: number;
  readonly acked: number;
  readonly retried: number;
  /** Put off alone, uncounted as a try. */
  readonly postponed: number;
  readonly dead: number;
}

/** A running consumer. */
export interface Consumer {
  state(): ConsumerState;
  /** Takes no more, finishes what is in hand, acks it, closes. What waits for a dependency goes back to the queue. */
  close(): Promise<void>;
}

/** What all consumers of a bus share. */
export interface ConsumerDeps {
  readonly connection: Connection;
  readonly publisher: Publisher;
  readonly topology: Topology;
  readonly pause: { readonly minMs: number; readonly maxMs: number };
  readonly log: Logger;
}

/** Consumes one queue for as long as it is not closed, over lost channels and connections. */
export function createConsumer(deps: ConsumerDeps, options: ConsumeOptions): Consumer {
  const work = createWork(deps, options);
  const hand = createHand(work);
  let consumerTag: string | null = null;
  const kept = keepChannelOpen<Channel>({
    name: options.queue,
    open: () => deps.connection.model.createChannel(),
    setUp: async (channel, reopened) => {
      if (reopened) await declareTopology(channel, deps.topology);
      consumerTag = await subscribe(channel, options, hand.take);
    },
    log: deps.log,
  });
  return {
    state: () => ({
      queue: options.queue,
      open: kept.current() !== null,
      paused: work.pause.isPaused(),
      inHand: hand.size(),
      ...work.counts,
    }),
    close: async () => {
      const channel = kept.current();
      if (channel !== null && consumerTag !== null) await inTime(channel.cancel(consumerTag));
      await hand.finish();
      await kept.close();
    },
  };
}

function createWork(
  { topology, publisher, pause, log }: ConsumerDeps,
  { queue, handle }: ConsumeOptions,
): Work {
  const counts = { acked: 0, retried: 0, postponed: 0, dead: 0 };
  return {
    queue,
    handle,
    retryDelays: topology.retryDelays,
    publisher,
    pause: createPause(pause),
    counts,
    log,
  };
}

type Take = (channel: Channel, message: ConsumeMessage, lost: AbortSignal) => void;

async function subscribe(channel: Channel, { queue, prefetch }: ConsumeOptions, take: Take): Promise<string> {
  const lost = new AbortController();
  channel.once('close', () => lost.abort());
  await channel.prefetch(prefetch);
  const { consumerTag } = await channel.consume(queue, (message) => {
    if (message === null) startAnew(channel);
    else take(channel, message, lost.signal);
  });
  return consumerTag;
}

/** The broker cancelled the consumer, because its queue was deleted: a new channel declares it again. */
function startAnew(channel: Channel): void {
  channel.close().catch(() => undefined);
}

/** The messages that were delivered and have no answer yet. */
function createHand(work: Work) {
  const stop = new AbortController();
  const inHand = new Set<Promise<void>>();
  return {
    size: () => inHand.size,
    take: (channel: Channel, message: ConsumeMessage, lost: AbortSignal): void => {
      const answered = answer(channel, message, lost).finally(() => inHand.delete(answered));
      inHand.add(answered);
    },
    finish: async () => {
      stop.abort();
      await Promise.all(inHand);
    },
  };

  /** What is not acked here goes back to the queue when the channel closes. */
  async function answer(channel: Channel, message: ConsumeMessage, lost: AbortSignal): Promise<void> {
    const isDone = await processMessage(work, message, AbortSignal.any([stop.signal, lost]));
    if (isDone && !lost.aborted) ack(channel, message);
  }
}

function ack(channel: Channel, message: ConsumeMessage): void {
  try {
    channel.ack(message);
  } catch {
    // amqplib throws on a channel that is closing: the broker gives the message out again, the inbox knows it.
  }
}
