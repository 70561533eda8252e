import type { Logger } from '@ironforge/kernel';
import type { Store } from '../store.ts';
import { createBatcher } from './batcher.ts';
import type { Publisher, PublishOutcome, WrittenMessage } from './message.ts';
import { markPublished, releaseOutbox } from './rows.ts';

/** What a relay stands on. */
export interface RelayDeps {
  readonly store: Store;
  readonly publisher: Publisher;
  readonly log: Logger;
}

/** Publishes claimed rows and marks what the broker confirmed. */
export interface Relay {
  /** The fast path: takes the messages of a transaction just stored, and returns at once. */
  readonly push: (messages: readonly WrittenMessage[]) => void;
  /** The sweeper's path: resolves when the broker has spoken about each; true when all were published. Marked later. */
  readonly relay: (messages: readonly WrittenMessage[]) => Promise<boolean>;
  /** Leaves claimed messages to the next sweep. */
  readonly giveBack: (messages: readonly WrittenMessage[]) => void;
  readonly drained: () => Promise<void>;
}

/** Publishing and marking overlap: while one batch is marked, the next is already on its way. */
export function createRelay(deps: RelayDeps): Relay {
  const marks = createBatcher<PublishOutcome>({
    maxBatch: 500,
    gatherMs: 20, // nobody waits for a mark, and one transaction marks many as cheaply as one
    maxWaiting: Number.POSITIVE_INFINITY,
    work: (outcomes) => settle(deps, outcomes),
  });
  const publishing = createBatcher<WrittenMessage>({
    maxBatch: 200,
    maxWaiting: 10_000,
    work: async (batch) => marks.add(await publish(deps, batch)),
  });
  return {
    push: publishing.add,
    relay: async (messages) => {
      const outcomes = await publish(deps, messages);
      marks.add(outcomes);
      return outcomes.every(({ confirmed }) => confirmed);
    },
    giveBack: (messages) => marks.add(messages.map(({ id }) => ({ id, confirmed: false }))),
    drained: async () => {
      await publishing.drained();
      await marks.drained();
    },
  };
}

async function publish(
  { publisher, log }: RelayDeps,
  batch: readonly WrittenMessage[],
): Promise<readonly PublishOutcome[]> {
  try {
    return await publisher.publish(batch);
  } catch (error) {
    log.warn({ err: error, messages: batch.length }, 'publishing failed; the rows stay and are swept');
    return batch.map(({ id }) => ({ id, confirmed: false }));
  }
}

async function settle({ store, log }: RelayDeps, outcomes: readonly PublishOutcome[]): Promise<void> {
  const published = outcomes.filter(({ confirmed }) => confirmed).map(({ id }) => id);
  const refused = outcomes.filter(({ confirmed }) => !confirmed).map(({ id }) => id);
  try {
    await store.system('outbox_relay').transaction(
      (tx) => {
        if (published.length > 0) markPublished(tx, published);
        if (refused.length > 0) releaseOutbox(tx, refused);
      },
      { isolation: 'read committed' },
    );
  } catch (error) {
    log.warn({ err: error, messages: outcomes.length }, 'marking failed; the rows are published again');
  }
}
