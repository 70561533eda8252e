import { connect } from 'amqplib';
import { environment } from '../../world/environment.ts';
import { rateOf } from './clock.ts';

const WINDOW = 100;
const BODY = Buffer.from(JSON.stringify({ filler: 'x'.repeat(2_000) }));
const QUEUE = 'bench.raw';

/** Messages of two kilobytes that the bare broker confirms a second: persistent, to a quorum queue, a hundred on their way. */
export async function rawPublishes(count: number): Promise<number> {
  const connection = await connect(environment.amqpUrl);
  try {
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(QUEUE, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const publish = () =>
      new Promise<void>((resolve, reject) => {
        const settle = (error: unknown) =>
          error === null ? resolve() : reject(new Error('not confirmed', { cause: error }));
        channel.publish('', QUEUE, BODY, { persistent: true, mandatory: true }, settle);
      });
    const perSecond = await rateOf({ count, workers: WINDOW }, publish);
    await channel.deleteQueue(QUEUE);
    return perSecond;
  } finally {
    await connection.close();
  }
}
