import type { Channel } from 'amqplib';
import {
  type CommandQueue,
  deadQueueOf,
  type EventQueue,
  type RetryDelay,
  type Topology,
} from './topology.ts';

/** Declares everything in `topology`; harmless when it is there already. Valid on RabbitMQ 3.10 and 4.x. */
export async function declareTopology(channel: Channel, topology: Topology): Promise<void> {
  await channel.assertExchange(topology.events, 'topic', { durable: true });
  for (const delay of topology.retryDelays) await declareRetryDelay(channel, delay);
  for (const queue of topology.eventQueues) await declareEventQueue(channel, topology.events, queue);
  for (const queue of topology.commandQueues) await declareCommandQueue(channel, queue);
}

async function declareRetryDelay(channel: Channel, { name, delayMs }: RetryDelay): Promise<void> {
  await channel.assertExchange(name, 'fanout', { durable: true });
  await channel.assertQueue(name, {
    durable: true,
    arguments: { ...QUORUM, ...AT_LEAST_ONCE, 'x-message-ttl': delayMs },
  });
  await channel.bindQueue(name, name, '');
}

async function declareEventQueue(
  channel: Channel,
  events: string,
  { queue, bind }: EventQueue,
): Promise<void> {
  await declareWorkQueue(channel, queue, {});
  for (const pattern of bind) await channel.bindQueue(queue, events, pattern);
}

function declareCommandQueue(channel: Channel, { queue, maxLength }: CommandQueue): Promise<void> {
  return declareWorkQueue(channel, queue, { 'x-max-length': maxLength });
}

async function declareWorkQueue(channel: Channel, queue: string, limits: object): Promise<void> {
  const dead = deadQueueOf(queue);
  await channel.assertQueue(dead, { durable: true, arguments: { ...QUORUM, 'x-delivery-limit': UNLIMITED } });
  await channel.assertQueue(queue, {
    durable: true,
    arguments: {
      ...QUORUM,
      ...AT_LEAST_ONCE,
      ...limits,
      'x-dead-letter-routing-key': dead,
      'x-delivery-limit': DELIVERY_LIMIT,
    },
  });
}

/** Looking into a dead queue counts as a delivery there; RabbitMQ 4 has a limit of 20 where none is named. */
const UNLIMITED = 1_000_000;

const QUORUM = { 'x-queue-type': 'quorum' };

/**
 * Without reject-publish the broker silently falls back to at-most-once dead-lettering (RabbitMQ, "Quorum Queues",
 * at-least-once dead lettering). The default exchange sends by the kept routing key, that is, to a queue by name.
 */
const AT_LEAST_ONCE = {
  'x-dead-letter-exchange': '',
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
};

/**
 * Deliveries without an answer before the broker itself calls a message dead: the guard against one that kills its
 * process. Generous, because lost connections and the broker's 30-minute time limit during a pause count as well.
 */
const DELIVERY_LIMIT = 50;
