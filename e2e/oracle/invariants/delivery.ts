import type { Facts, Message } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';

/** Which name a queue's reader writes into its inbox. */
const CONSUMERS: Readonly<Record<string, string>> = {
  'chain-watcher-evm': 'chain-watcher',
  'tx_broadcast.evm': 'chain-watcher',
  'balance_update.evm': 'chain-watcher',
};

/** I7: every message was published, and each of its readers took it in or put it aside; none came from nowhere. */
export function delivery(facts: Facts): Violation[] {
  const taken = new Set(facts.inbox.map(({ consumer, message_id }) => `${consumer} ${message_id}`));
  const reads = readerOf(facts);
  return facts.messages.flatMap((message) => {
    const { id, exchange, routing_key, state } = message;
    if (state !== 'published') return [broken(id, `${routing_key} was never published`)];
    const readers = facts.queues.readersOf(exchange, routing_key).filter((queue) => reads(queue, message));
    const missing = readers.filter(
      (queue) => !taken.has(`${consumerOf(queue)} ${id}`) && !isSetAside(facts, queue, id),
    );
    return missing.map((queue) =>
      broken(id, `${routing_key} never reached ${queue}${stillIn(facts, queue, id)}`),
    );
  });
}

function consumerOf(queue: string): string {
  return CONSUMERS[queue] ?? queue;
}

/** A reader leaves alone what it has no handler for: what it never once took in, of that kind. */
function readerOf({ inbox, messages }: Facts) {
  const keys = new Map(messages.map(({ id, routing_key }) => [id, routing_key]));
  const handled = new Set(
    inbox.map(({ consumer, message_id }) => `${consumer} ${keys.get(message_id) ?? ''}`),
  );
  return (queue: string, { routing_key }: Message) => handled.has(`${consumerOf(queue)} ${routing_key}`);
}

function isSetAside({ queues }: Facts, queue: string, id: string): boolean {
  return queues.deadOf.get(queue)?.includes(id) === true;
}

function stillIn({ queues }: Facts, queue: string, id: string): string {
  return queues.waitingIn.get(queue)?.includes(id) === true ? ', it waits there' : '';
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I7', id, what };
}
