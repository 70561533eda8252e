import { type ConfirmChannel, connect } from 'amqplib';
import { environment } from '../../world/environment.ts';
import { rateOf } from './clock.ts';

const WINDOW = 100;
const BODY = Buffer.from(JSON.stringify({ filler: 'x'.repeat(2_000) }));
const QUEUE = 'bench.raw';

/** Messages of two kilobytes that the bare broker confirms a second: persistent, to a quorum queue, a hundred on their way. */
export async function rawPublishes(count: number): Promise<number> {
  return await withQueue(async (channel) => await publishMany(channel, count));
}

/** Messages of that size that one consumer of the bare broker takes and acknowledges a second, a hundred on their way. */
export async function rawDeliveries(count: number): Promise<number> {
  return await withQueue(async (channel) => {
    await publishMany(channel, count);
    await channel.prefetch(WINDOW);
    const { promise: all, resolve } = Promise.withResolvers<void>();
    let taken = 0;
    const startedAt = performance.now();
    await channel.consume(QUEUE, (message) => {
      if (message !== null) channel.ack(message);
      taken += 1;
      if (taken === count) resolve();
    });
    await all;
    return (count * 1_000) / (performance.now() - startedAt);
  });
}

async function withQueue<T>(work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
  const connection = await connect(environment.amqpUrl);
  try {
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(QUEUE, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const answer = await work(channel);
    await channel.deleteQueue(QUEUE);
    return answer;
  } finally {
    await connection.close();
  }
}

async function publishMany(channel: ConfirmChannel, count: number): Promise<number> {
  const publish = () =>
    new Promise<void>((resolve, reject) => {
      const settle = (error: unknown) =>
        error === null ? resolve() : reject(new Error('not confirmed', { cause: error }));
      channel.publish('', QUEUE, BODY, { persistent: true, mandatory: true }, settle);
    });
  return await rateOf({ count, workers: WINDOW }, publish);
}
