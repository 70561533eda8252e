import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { manage, peek, publish, queueNames, take, vhost } from '../../world/broker.ts';
import { outboxOf, propertiesOf } from '../outbox.ts';
import type { Row, Stage } from '../stage.ts';

const AT_ONCE = 40;

/** Messages come again, late, in another order, unreadable; and for a while a queue takes none. */
export const messages: Row = {
  name: 'messages',
  rounds: { small: 1, full: 5 },
  play: async (stage, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      await stage.moved();
      await repeat(stage);
      await stage.moved();
      await shuffle(stage);
      await poison(stage);
      await fill(stage);
    }
  },
};

/** Old and new messages of the tenant, in any order; each is one fault. */
async function repeat(stage: Stage): Promise<void> {
  const sent = await outboxOf(stage.tenant.id);
  const again = sent.toSorted(() => stage.chance() - 0.5).slice(0, AT_ONCE);
  await stage.inject('message delivered again, late and out of order', async () => {
    for (const { id, exchange, routing_key, body } of again)
      await publish(exchange === '' ? 'amq.default' : exchange, {
        routing_key,
        payload: body,
        properties: propertiesOf(id),
      });
    return again.length;
  });
}

/** What was for a reader goes to a queue of ours until some has come; then it is put into his, the other way round. */
async function shuffle(stage: Stage): Promise<void> {
  const patterns = await boundBy(READER);
  await manage('PUT', `/queues/${vhost}/${ASIDE}`, { durable: true });
  await stage.inject('first delivery out of order', async () => {
    await Promise.all(patterns.map((pattern) => bind(ASIDE, pattern)));
    await Promise.all(patterns.map((pattern) => unbind(READER, pattern)));
    await waitUntil('some messages', async () => (await peek(ASIDE)).length >= ENOUGH);
    await Promise.all(patterns.map((pattern) => bind(READER, pattern)));
    await Promise.all(patterns.map((pattern) => unbind(ASIDE, pattern)));
    const waiting = await take(ASIDE);
    for (const message of waiting.toReversed())
      await publish('amq.default', { ...message, routing_key: READER });
    return waiting.length;
  });
  await manage('DELETE', `/queues/${vhost}/${ASIDE}`);
}

const READER = 'tx-orchestrator';
const ASIDE = 'aside';
const ENOUGH = 8;
const Binding = z.object({ destination: z.string(), routing_key: z.string() });

async function boundBy(queue: string): Promise<readonly string[]> {
  const bindings = await manage('GET', `/exchanges/${vhost}/ironforge.events/bindings/source`);
  return z
    .array(Binding)
    .parse(bindings)
    .filter(({ destination }) => destination === queue)
    .map(({ routing_key }) => routing_key);
}

async function bind(queue: string, routing_key: string): Promise<void> {
  await manage('POST', `/bindings/${vhost}/e/ironforge.events/q/${queue}`, { routing_key });
}

/** Without arguments a binding's name in the management API is its routing key. */
async function unbind(queue: string, pattern: string): Promise<void> {
  await manage('DELETE', `/bindings/${vhost}/e/ironforge.events/q/${queue}/${encodeURIComponent(pattern)}`);
}

/** What nobody can read is put aside, and stops nobody. */
async function poison({ inject }: Stage): Promise<void> {
  const names = await queueNames();
  const queues = names.filter((name) => names.includes(`${name}.dead`));
  await inject('unreadable message', async () => {
    for (const routing_key of queues)
      await publish('amq.default', {
        routing_key,
        payload: '{"no envelope"',
        properties: propertiesOf(randomUUID()),
      });
    return queues.length;
  });
}

/** The broker refuses what would be one too many. */
async function fill({ inject }: Stage): Promise<void> {
  await inject('full queue', async () => {
    const definition = { 'max-length': 1 };
    await manage('PUT', `/policies/${vhost}/full`, {
      pattern: '^tx_broadcast',
      definition,
      'apply-to': 'queues',
    });
    await sleep(2_000);
    await manage('DELETE', `/policies/${vhost}/full`);
  });
}
