import type { Logger } from '@ironforge/kernel';
import { openConnection } from './connection.ts';
import { type ConsumeOptions, type Consumer, type ConsumerState, createConsumer } from './consumer.ts';
import { inTime } from './in-time.ts';
import { createListener, type Listener, type ListenOptions } from './listener.ts';
import type { Publish } from './messages.ts';
import { createPublisher } from './publisher.ts';
import { TOPOLOGY, type Topology } from './topology.ts';

/** Where the broker is, and who connects. */
export interface BusOptions {
  readonly url: string;
  /** Name of this process, shown by the broker. */
  readonly instance: string;
  readonly log: Logger;
  /** What to declare; the topology of IronForge unless a test has its own. */
  readonly topology?: Topology;
}

/** How the way to the broker stands, for readiness and metrics. */
export interface BusState {
  readonly connected: boolean;
  /** The broker is short of memory or disk and takes no messages: not ready. */
  readonly blocked: boolean;
  readonly unconfirmed: number;
  readonly consumers: readonly ConsumerState[];
}

/** One process's way to the broker. */
export interface Bus extends AsyncDisposable {
  readonly publish: Publish;
  /** Starts a consumer; it goes on over lost channels and connections until it or the bus is closed. */
  consume(options: ConsumeOptions): Consumer;
  /** Starts listening on a queue of this process alone, until it or the bus is closed. */
  listen(options: ListenOptions): Listener;
  state(): BusState;
  /** Closes the consumers (each finishes what it has in hand), waits for confirms, closes the connection. */
  close(): Promise<void>;
}

/** Connects and declares the topology. Returns after the first try; while the broker is down, it goes on trying. */
export async function createBus(options: BusOptions): Promise<Bus> {
  const { log, topology = TOPOLOGY } = options;
  const connection = await openConnection({ ...options, topology });
  const publisher = createPublisher({ connection, log, ...PUBLISHING });
  // The broker may go between the two.
  if (connection.state().connected) await inTime(publisher.ready);
  const consumers = new Set<Consumer>();
  const listeners = new Set<Listener>();
  const close = async () => {
    await Promise.all([...consumers, ...listeners].map((one) => one.close()));
    await publisher.close();
    await inTime(connection.model.close());
  };
  return {
    publish: publisher.publish,
    consume: (what) => {
      const consumer = createConsumer({ connection, publisher, topology, pause: PAUSE, log }, what);
      consumers.add(consumer);
      return consumer;
    },
    listen: (what) => {
      const listener = createListener({ connection, topology, log }, what);
      listeners.add(listener);
      return listener;
    },
    state: () => ({
      ...connection.state(),
      ...publisher.stats(),
      consumers: [...consumers].map((consumer) => consumer.state()),
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A confirm is waited for shorter than an outbox claims its rows (10 s): a silent broker is no reason to send twice. */
const PUBLISHING = { window: 512, confirmTimeoutMs: 8_000 };
const PAUSE = { minMs: 100, maxMs: 5_000 };
