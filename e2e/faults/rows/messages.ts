import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { manage, publish, queueNames, vhost } from '../../world/broker.ts';
import { outboxOf, propertiesOf } from '../outbox.ts';
import { shuffle } from '../shuffle.ts';
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
      await Promise.all(READERS.map((reader) => shuffleFor(stage, reader)));
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

/** Who answers for an order: of requests and of lanes the one, of every aggregate the other. */
const READERS = ['tx-orchestrator', 'audit'];

async function shuffleFor({ inject }: Stage, reader: string): Promise<void> {
  await inject(`first delivery to ${reader} out of order`, () => shuffle(reader));
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
