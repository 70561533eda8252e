import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import type { World } from './world.fixture.ts';

/** A message as tests look at it: of its data only what some test asks for is named. */
export const message = z.object({
  type: z.string(),
  subject: z.string(),
  aggregateversion: z.number(),
  actorroles: z.string().optional(),
  policyid: z.string().optional(),
  policyversion: z.number().optional(),
  data: z.looseObject({
    requestId: z.string().optional(),
    requestIds: z.array(z.string()).optional(),
    address: z.string().optional(),
    nonce: z.number().optional(),
    code: z.string().optional(),
    fields: z.array(z.string()).optional(),
    request: z.looseObject({ status: z.string() }).optional(),
  }),
});

type Message = z.infer<typeof message>;

/** What the broker has confirmed, oldest first. Peeking into a queue would count against its delivery limit. */
export async function published(world: World, isWanted: (message: Message) => boolean): Promise<Message[]> {
  const rows = await world.database.query(
    `SELECT body FROM outbox WHERE state = 'published' ORDER BY published_at, created_at`,
  );
  return rows.map(({ body }) => message.parse(JSON.parse(String(body)))).filter(isWanted);
}

/** The commands to send one request's bytes. */
export async function broadcasts(world: World, requestId: string): Promise<Message[]> {
  return await published(world, ({ type, data }) => type === 'tx_broadcast' && data.requestId === requestId);
}

/** How many commands to send one request's bytes were written, also those that are still on their way. */
export async function broadcastsWritten(world: World, requestId: string): Promise<number> {
  const rows = await world.database.query(`SELECT body FROM outbox WHERE routing_key = 'tx_broadcast.evm'`);
  const commands = rows.map(({ body }) => message.parse(JSON.parse(String(body))));
  return commands.filter(({ data }) => data.requestId === requestId).length;
}

/** The first security event about a request, once it is there. */
export async function securityEvent(world: World, requestId: string): Promise<Message> {
  return await waitUntil('the security event', async () => {
    const isAbout = ({ type, data }: Message) =>
      type.startsWith('security.') && [data.requestId, ...(data.requestIds ?? [])].includes(requestId);
    return (await published(world, isAbout)).at(0);
  });
}
