import { type ChannelModel, type ConfirmChannel, connect, type GetMessage } from 'amqplib';
import { lossOf } from './loss-of.ts';
import { CONTENT_TYPE } from './messages.ts';
import { deadQueueOf, TOPOLOGY, type Topology } from './topology.ts';

/** One message that nobody could handle. */
export interface DeadLetter {
  readonly id: string;
  /** The queue that it was taken from, and to which it can go back. */
  readonly queue: string;
  readonly reason: string;
  /** How often it was tried, by our own count. */
  readonly attempts: number;
  /** As it was sent: JSON in most cases, but what is dead may be anything. */
  readonly text: string;
}

/** A queue and what waits in it; the broker's own numbers, which may lag after a crash. */
export interface QueueDepth {
  readonly queue: string;
  readonly messages: number;
  readonly consumers: number;
  readonly dead: number;
}

/** The dead queues of a broker, for a person who looks after them. */
export interface DeadLetters extends AsyncDisposable {
  depths(): Promise<QueueDepth[]>;
  /** The letters of a queue, at most `max`; all of them stay where they are. */
  list(queue: string, max: number): Promise<DeadLetter[]>;
  /** Puts letters back into their queue, each removed only after the broker has confirmed; gives their number. */
  replay(queue: string, isChosen: (letter: DeadLetter) => boolean): Promise<number>;
  /** Removes letters for ever; gives their number. */
  drop(queue: string, isChosen: (letter: DeadLetter) => boolean): Promise<number>;
}

/** Opens the dead queues of the broker at `url`. Throws when it does not answer; a call throws when it went away meanwhile. */
export async function openDeadLetters(url: string, topology: Topology = TOPOLOGY): Promise<DeadLetters> {
  const connection = await connect(url, { clientProperties: { connection_name: 'dead letters' } });
  const ended = new AbortController();
  connection.once('close', () => ended.abort());
  const lost = lossOf(connection);
  lost.catch(ignoreBecauseTheCallThrows);
  const opened = <T>(work: Work<T>) => Promise.race([onChannel(connection, work), lost]);
  return {
    depths: () =>
      opened((channel) => Promise.all(queuesOf(topology).map((queue) => depthOf(channel, queue)))),
    list: (queue, max) => opened((channel) => list(channel, queue, max)),
    replay: (queue, isChosen) => opened((channel) => settle(channel, { queue, isChosen, act: publishAgain })),
    drop: (queue, isChosen) =>
      opened((channel) => settle(channel, { queue, isChosen, act: async () => undefined })),
    [Symbol.asyncDispose]: async () => {
      if (!ended.signal.aborted) await connection.close();
    },
  };
}

type Work<T> = (channel: ConfirmChannel) => Promise<T>;

/** The broker answers in order: once the channel is closed it has taken every ack, and put back what was taken and not acked. */
async function onChannel<T>(connection: ChannelModel, work: Work<T>): Promise<T> {
  const channel = await connection.createConfirmChannel();
  channel.on('error', ignoreBecauseTheCallThrows);
  const done = await work(channel).catch(async (error: unknown) => {
    await channel.close().catch(ignoreBecauseTheCallThrows);
    throw error;
  });
  await channel.close();
  return done;
}

function ignoreBecauseTheCallThrows(): void {}

function queuesOf({ eventQueues, commandQueues }: Topology): string[] {
  return [...eventQueues, ...commandQueues].map(({ queue }) => queue);
}

async function depthOf(channel: ConfirmChannel, queue: string): Promise<QueueDepth> {
  const [{ messageCount: messages, consumerCount: consumers }, { messageCount: dead }] = await Promise.all([
    channel.checkQueue(queue),
    channel.checkQueue(deadQueueOf(queue)),
  ]);
  return { queue, messages, consumers, dead };
}

async function list(channel: ConfirmChannel, queue: string, max: number): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for await (const message of takeEach(channel, queue, max)) letters.push(letterOf(queue, message));
  return letters;
}

interface Settlement {
  readonly queue: string;
  readonly isChosen: (letter: DeadLetter) => boolean;
  readonly act: (channel: ConfirmChannel, queue: string, message: GetMessage) => Promise<void>;
}

async function settle(channel: ConfirmChannel, { queue, isChosen, act }: Settlement): Promise<number> {
  // What is published to a queue that is not there is confirmed all the same.
  await channel.checkQueue(queue);
  let settled = 0;
  for await (const message of takeEach(channel, queue, Number.POSITIVE_INFINITY)) {
    if (!isChosen(letterOf(queue, message))) continue;
    await act(channel, queue, message);
    channel.ack(message);
    settled += 1;
  }
  return settled;
}

/**
 * The letters that are there at the first look, one after the other: one that is replayed may be dead again before the last is taken.
 * The broker keeps each until its channel is closed, so that none is seen twice.
 */
async function* takeEach(channel: ConfirmChannel, queue: string, max: number): AsyncGenerator<GetMessage> {
  let left = max;
  for (let taken = 0; left > 0; taken += 1) {
    const message = await channel.get(deadQueueOf(queue));
    if (message === false) return;
    left = taken === 0 ? Math.min(max - 1, message.fields.messageCount) : left - 1;
    yield message;
  }
}

/** As new: it is tried as often as any other message. */
async function publishAgain(channel: ConfirmChannel, queue: string, message: GetMessage): Promise<void> {
  const messageId = textOf(message.properties.messageId) ?? '';
  const properties = { messageId, contentType: CONTENT_TYPE, persistent: true, mandatory: true };
  channel.publish('', queue, message.content, properties);
  await channel.waitForConfirms();
}

function letterOf(queue: string, { content, properties }: GetMessage): DeadLetter {
  const headers = new Map<string, unknown>(Object.entries(properties.headers ?? {}));
  const attempts = Number(headers.get('x-attempt') ?? 0);
  const reason =
    textOf(headers.get('x-reason')) ?? 'the broker gave up: delivered too often without an answer';
  return { id: textOf(properties.messageId) ?? '', queue, reason, attempts, text: content.toString('utf8') };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
