import { connect } from 'amqplib';
import { z } from 'zod';
import { environment } from '../../world/environment.ts';

const KEY = 'tx_request.confirmed';

/** A transfer whose confirmation was heard: the block that it is in, and when, in milliseconds since 1970. */
export interface HeardConfirmation {
  readonly height: number;
  readonly at: number;
}

/** Hears the events of confirmed transfers as any subscriber does. */
export interface Confirmations extends AsyncDisposable {
  /** Of one tenant, in the order in which they came. */
  readonly heard: readonly HeardConfirmation[];
}

const Told = z.object({
  tenantid: z.string(),
  data: z.object({ request: z.object({ blockHeight: z.number() }) }),
});

/** Begins to listen. */
export async function hearConfirmations(tenantId: string): Promise<Confirmations> {
  const connection = await connect(environment.amqpUrl);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'ironforge.events', KEY);
  const heard: HeardConfirmation[] = [];
  const note = (content: Buffer, at: number) => {
    const { tenantid, data } = Told.parse(JSON.parse(content.toString()));
    if (tenantid === tenantId) heard.push({ height: data.request.blockHeight, at });
  };
  await channel.consume(queue, (message) => message && note(message.content, Date.now()), { noAck: true });
  return { heard, [Symbol.asyncDispose]: () => connection.close() };
}
