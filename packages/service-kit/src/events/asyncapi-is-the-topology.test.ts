import { CONTENT_TYPE, EVENTS_EXCHANGE, TOPOLOGY } from '@ironforge/bus';
import { asyncApiDocument, EVENTS } from '@ironforge/contracts';
import { expect, it } from 'vitest';
import { z } from 'zod';

const Amqp = z.object({
  exchange: z.object({ name: z.string() }).optional(),
  queue: z.object({ name: z.string() }).optional(),
});
const Channel = z.object({ address: z.string(), bindings: z.object({ amqp: Amqp }) });
const document = asyncApiDocument();
const channels = Object.values(document.channels).map((channel) => Channel.parse(channel));

it('describes the events exchange by the name that the broker knows', () => {
  const names = channels.flatMap(({ bindings }) => bindings.amqp.exchange?.name ?? []);
  expect(names).toEqual(Object.keys(EVENTS).map(() => EVENTS_EXCHANGE));
});

it('describes each command queue of the broker, and no other', () => {
  const queues = channels.filter(({ bindings }) => bindings.amqp.queue !== undefined);
  expect(queues.map(({ bindings }) => bindings.amqp.queue?.name)).toEqual(
    queues.map(({ address }) => address),
  );
  expect(queues.map(({ address }) => address).toSorted()).toEqual(
    TOPOLOGY.commandQueues.map(({ queue }) => queue).toSorted(),
  );
});

it('names the content type that the broker is told', () => {
  const messages = Object.values(document.components.messages);
  expect([document, ...messages]).toMatchObject([
    { defaultContentType: CONTENT_TYPE },
    ...messages.map(() => ({ contentType: CONTENT_TYPE })),
  ]);
});
