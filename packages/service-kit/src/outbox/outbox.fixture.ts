import { type Bus, createBus, type Topology } from '@ironforge/bus';
import { type Envelope, envelope } from '@ironforge/contracts';
import {
  createOutbox,
  createStore,
  type Outbox,
  type OutboxMessage,
  type OutboxOptions,
  type Store,
  type WrittenMessage,
} from '@ironforge/store';
import {
  type CollectingLogger,
  createCollectingLogger,
  createFaultProxy,
  createTestDatabase,
  createTestVhost,
  type FaultProxy,
  type PeekedMessage,
  type TestDatabase,
  type TestVhost,
} from '@ironforge/testing';
import { tenantId } from './messages.fixture.ts';

/** What the broker has: a queue that hears two kinds of events, and one for commands that is full at five. */
export const TOPOLOGY: Topology = {
  events: 'ironforge.events',
  eventQueues: [{ queue: 'listener', bind: ['thing.*', 'taken.by_somebody'] }],
  commandQueues: [{ queue: 'orders', maxLength: 5 }],
  processQueues: [],
  retryDelays: [],
};

/** A service's outboxes on a real database, and a real broker behind a line that can fail. */
export interface OutboxWorld extends AsyncDisposable, Relayed, Rows {
  readonly database: TestDatabase;
  readonly vhost: TestVhost;
  readonly store: Store;
  readonly log: CollectingLogger;
  readonly bus: Bus;
  /** Between the bus and the broker. */
  readonly line: FaultProxy;
  /** Another store on the same database, as a second process would have. */
  openStore(): Store;
  openOutbox(options?: Partial<OutboxOptions>): Outbox;
  /** Stores messages in one transaction. */
  say(outbox: Outbox, ...messages: OutboxMessage[]): Promise<void>;
  /** What lies in the listener's queue, in its order. */
  published(): Promise<readonly Published[]>;
}

/** A message in the broker. */
export interface Published extends Pick<PeekedMessage, 'exchange' | 'routing_key'> {
  readonly id: string | undefined;
  readonly body: Envelope;
}

/** Opens all of it; the outboxes are disposed of with it. */
export async function openOutboxWorld(): Promise<OutboxWorld> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await createTestDatabase());
  const vhost = parts.use(await createTestVhost());
  const line = parts.use(await createFaultProxy(vhost.amqpUrl));
  const log = createCollectingLogger();
  const openStore = () => running.use(createStore({ url: database.url, log, pool: { min: 0, max: 8 } }));
  const store = parts.use(createStore({ url: database.url, log, pool: { min: 0, max: 8 } }));
  const url = line.urlFor(vhost.amqpUrl);
  const bus = parts.use(await createBus({ url, instance: 'outbox-test', log, topology: TOPOLOGY }));
  const { publisher, ...relayed } = watch(bus);
  const running = parts.move();
  return {
    ...{ database, vhost, store, log, bus, line, openStore, ...relayed, ...rowsOf(database) },
    openOutbox: (options) =>
      running.use(createOutbox({ store, publisher, log, service: 'tester', ...options })),
    say: (outbox, ...messages) => store.forTenant(tenantId).transaction((tx) => outbox.add(tx, messages)),
    published: async () => (await vhost.peek('listener', 2_000)).map(toPublished),
    [Symbol.asyncDispose]: async () => {
      line.heal();
      await running.disposeAsync();
    },
  };
}

/** What outboxes handed to the bus, and what it made of that. */
interface Relayed {
  /** In the order of time; `at` is in milliseconds. */
  readonly batches: readonly { readonly at: number; readonly messages: readonly WrittenMessage[] }[];
  /** Why messages do not count as published. */
  readonly refusals: readonly string[];
}

/** Looks on while the real bus works. */
function watch(bus: Bus): Relayed & Pick<OutboxOptions, 'publisher'> {
  const batches: { at: number; messages: readonly WrittenMessage[] }[] = [];
  const refusals: string[] = [];
  const publish = async (messages: readonly WrittenMessage[]) => {
    batches.push({ at: performance.now(), messages });
    const outcomes = await bus.publish(messages);
    for (const outcome of outcomes) if (!outcome.confirmed) refusals.push(outcome.reason);
    return outcomes;
  };
  return { batches, refusals, publisher: { publish } };
}

/** What the table says. */
interface Rows {
  /** True when there are rows and all are marked. */
  allPublished(): Promise<boolean>;
  isPublished(message: OutboxMessage): Promise<boolean>;
  /** The ids of rows that wait, of one routing key if it is given. */
  pending(routingKey?: string): Promise<readonly unknown[]>;
}

function rowsOf(database: TestDatabase): Rows {
  const pending: Rows['pending'] = async (routingKey) => {
    const sql = `SELECT id FROM outbox WHERE state = 'pending' AND routing_key = coalesce($1, routing_key)`;
    return (await database.query(sql, [routingKey ?? null])).map(({ id }) => id);
  };
  return {
    pending,
    allPublished: async () =>
      (await database.query('SELECT id FROM outbox')).length > 0 && (await pending()).length === 0,
    isPublished: async ({ id }) => {
      const sql = `SELECT id FROM outbox WHERE id = $1 AND state = 'published'`;
      return (await database.query(sql, [id])).length === 1;
    },
  };
}

function toPublished({ exchange, routing_key, properties, payload }: PeekedMessage): Published {
  return { exchange, routing_key, id: properties.message_id, body: envelope.parse(JSON.parse(payload)) };
}
