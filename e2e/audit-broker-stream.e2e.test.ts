import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { type Channel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { foundTenant, type Tenant } from './world/tenant.ts';

const Said = z.object({ id: z.uuid() });

let tenant: Tenant;
let other: Tenant;
let access: {
  readonly amqpUrl: string;
  readonly queue: string;
  readonly user: string;
  readonly password: string | null;
};

beforeAll(async () => {
  [tenant, other] = await Promise.all([foundTenant(), foundTenant()]);
  const body = { maxAgeDays: 1 };
  [access] = await Promise.all(
    [tenant, other].map(
      async ({ compliance }) => await compliance.call(ROUTES.putAuditBrokerStream, { body }),
    ),
  ).then(([own, theirs]) => {
    if (own === undefined || theirs === undefined) throw new Error('two streams');
    return [own, theirs];
  });
});

afterAll(async () => {
  for (const { compliance } of [tenant, other]) await compliance.ask(ROUTES.deleteAuditBrokerStream);
});

async function asReader(password = access.password) {
  const url = new URL(access.amqpUrl);
  url.username = access.user;
  url.password = password ?? '';
  const connection = await connect(url.href);
  connection.on('error', () => undefined);
  return connection;
}

/** Why the broker closes the channel on which something is tried; null when it lets it be. */
async function refusalOf(act: (channel: Channel) => unknown): Promise<string | null> {
  const connection = await asReader();
  const channel = await connection.createChannel();
  const closed = Promise.withResolvers<string>();
  channel.on('error', (error: Error) => closed.resolve(error.message));
  await channel.prefetch(10);
  const done = Promise.resolve(act(channel)).then(
    async () => {
      // Whatever was refused before this question is told before its answer.
      await channel.checkQueue(access.queue).catch(() => undefined);
      return null;
    },
    (error: unknown) => String(error),
  );
  const settled = await Promise.race([closed.promise, done]);
  await connection.close().catch(() => undefined);
  return settled;
}

const consume = (queue: string) => async (channel: Channel) =>
  await channel.consume(queue, () => undefined, { arguments: { 'x-stream-offset': 'first' } });

describe('the reader of a stream', () => {
  it('reads its own stream from the first entry, with numbers and texts as they were sealed', async () => {
    const connection = await asReader();
    const channel = await connection.createChannel();
    await channel.prefetch(50);
    const heard: { sequence: number; text: string }[] = [];
    await channel.consume(
      access.queue,
      (message) => {
        if (message === null) return;
        heard.push({
          sequence: Number(message.properties.headers?.['sequence']),
          text: message.content.toString(),
        });
        channel.ack(message);
      },
      { arguments: { 'x-stream-offset': 'first' } },
    );
    const { data } = await tenant.compliance.call(ROUTES.listAuditEntries, { query: { limit: 5 } });
    await waitUntil('five entries', () => heard.length >= 5);
    expect(heard.slice(0, 5).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(heard.slice(0, 5).map(({ text }) => Said.parse(JSON.parse(text)).id)).toEqual(
      data.map(({ id }) => id),
    );
    await connection.close();
  });

  it.each([
    { what: 'read the stream of another tenant', act: () => consume(`audit.stream.${other.id}`) },
    { what: 'read the queue of a service', act: () => consume('audit') },
    { what: 'read a dead queue', act: () => consume('audit.dead') },
    {
      what: 'publish an event',
      act: () => (channel: Channel) => channel.publish('ironforge.events', 'user.created', Buffer.from('{}')),
    },
    {
      what: 'publish into its own stream',
      act: () => (channel: Channel) => channel.sendToQueue(access.queue, Buffer.from('{}')),
    },
    { what: 'declare a queue', act: () => async (channel: Channel) => await channel.assertQueue('mine') },
    {
      what: 'delete its stream',
      act: () => async (channel: Channel) => await channel.deleteQueue(access.queue),
    },
    { what: 'empty its stream', act: () => async (channel: Channel) => await channel.purgeQueue('audit') },
    {
      what: 'bind its stream to the events',
      act: () => async (channel: Channel) => await channel.bindQueue(access.queue, 'ironforge.events', '#'),
    },
  ])('may not $what', async ({ act }) => {
    expect(await refusalOf(act())).toContain('ACCESS_REFUSED');
  });

  it('is cut off by another password, and comes in with that alone', async () => {
    const connection = await asReader();
    const closed = new Promise((resolve) => connection.on('close', resolve));
    const rotated = await tenant.compliance.call(ROUTES.rotateAuditBrokerCredentials, { body: {} });
    await closed;
    await expect(asReader()).rejects.toThrow('ACCESS_REFUSED');
    await (await asReader(rotated.password)).close();
  });
});
