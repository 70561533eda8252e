import type { Logger } from '@ironforge/kernel';
import type { Store } from '../store.ts';
import type { Tx } from '../transaction.ts';
import type { NewMessage, OutboxMessage, Publisher } from './message.ts';
import { createRelay } from './relay.ts';
import { insertOutbox, writeMessage } from './rows.ts';
import { sweepUntil } from './sweeper.ts';

/** What an outbox stands on. */
export interface OutboxOptions {
  readonly store: Store;
  /** Whose rows: each service relays its own. */
  readonly service: string;
  readonly publisher: Publisher;
  readonly log: Logger;
  /** For how long a row belongs to the process that wrote it; 10,000 by default, longer than a confirm may take. */
  readonly claimMs?: number;
  /** 1,000 by default. */
  readonly sweepIntervalMs?: number;
  /** For so long published messages are kept, and which were taken in; 30 by default. */
  readonly retentionDays?: number;
}

/** What a service has to say, stored with its state change and published afterwards, at least once. */
export interface Outbox extends AsyncDisposable {
  /**
   * Stores messages in the transaction, all of them by one statement that travels with its COMMIT; they are relayed right
   * afterwards. Throws for a message that no reader could parse.
   */
  add(tx: Tx, messages: readonly OutboxMessage[]): void;
  /** Starts the sweeper. */
  start(): void;
}

/** Makes the one way by which a service publishes. Disposing waits for what is under way. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { service, claimMs = 10_000, sweepIntervalMs: intervalMs = 1000, retentionDays = 30 } = options;
  const relay = createRelay(options);
  const added = new WeakMap<Tx, NewMessage[]>();
  const stop = new AbortController();
  let sweeper: Promise<void> | null = null;

  /** Whatever else is added to these until the work is done goes with them. */
  function begin(tx: Tx, written: NewMessage[]): void {
    added.set(tx, written);
    tx.beforeCommit(() => {
      added.delete(tx); // who came after this would be published and never stored
      insertOutbox(tx, written, { service, claimMs });
    });
    tx.afterCommit(() => relay.push(written));
  }

  return {
    add(tx, messages) {
      if (messages.length === 0) return;
      const written = messages.map(writeMessage);
      const others = added.get(tx);
      if (others === undefined) begin(tx, written);
      else others.push(...written);
    },
    start() {
      const sweeping = { service, claimMs, intervalMs, retentionDays };
      sweeper ??= sweepUntil(stop.signal, { ...options, relay }, sweeping);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await sweeper;
      await relay.drained();
    },
  };
}
