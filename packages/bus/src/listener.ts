import { randomUUID } from 'node:crypto';
import { type Logger, parseJson, present } from '@ironforge/kernel';
import type { Channel, ConsumeMessage } from 'amqplib';
import { keepChannelOpen } from './channel.ts';
import type { Connection } from './connection.ts';
import { declareTopology } from './declare-topology.ts';
import type { Topology } from './topology.ts';

/** What a process wants to hear while it runs. */
export interface ListenOptions {
  /** Which of the topology's process queues; its name at the broker has this process's own ending. */
  readonly queue: string;
  /** It hears from now on. What was published before, at the start or while the connection was lost, it never hears. */
  readonly onOpen: () => void;
  /** The parsed body of one message, null for one that is not JSON; heard at most once, and never again. */
  readonly onMessage: (body: unknown) => void;
}

/** A process that listens. */
export interface Listener {
  isOpen(): boolean;
  close(): Promise<void>;
}

/** What all listeners of a bus share. */
export interface ListenerDeps {
  readonly connection: Connection;
  readonly topology: Topology;
  readonly log: Logger;
}

/** Listens on an exclusive queue for as long as it is not closed, on a new one after each lost channel or connection. */
export function createListener(deps: ListenerDeps, options: ListenOptions): Listener {
  const { connection, topology, log } = deps;
  const kept = keepChannelOpen<Channel>({
    name: options.queue,
    open: () => connection.model.createChannel(),
    setUp: async (channel, reopened) => {
      if (reopened) await declareTopology(channel, topology);
      await subscribe(channel, topology, options);
      options.onOpen();
    },
    log,
  });
  return { isOpen: () => kept.current() !== null, close: () => kept.close() };
}

async function subscribe(
  channel: Channel,
  { events, processQueues }: Topology,
  { queue, onMessage }: ListenOptions,
): Promise<void> {
  const known = processQueues.find((one) => one.queue === queue);
  const { bind } = present(known, `the process queue ${queue}`);
  // A new name each time: after a lost connection the broker may not have dropped the old queue yet, and refuses it.
  const name = `${queue}.${randomUUID()}`;
  await channel.assertQueue(name, { exclusive: true, autoDelete: true, durable: false });
  for (const pattern of bind) await channel.bindQueue(name, events, pattern);
  const take = (message: ConsumeMessage | null) =>
    message === null ? startAnew(channel) : onMessage(parseJson(message.content.toString('utf8')));
  await channel.consume(name, take, { noAck: true, exclusive: true });
}

/** The broker cancelled it, because its queue was deleted: a new channel declares a new one. */
function startAnew(channel: Channel): void {
  channel.close().catch(() => undefined);
}
