import { hasCode } from '@ironforge/kernel';
import { isKeptWaiting } from './failures.ts';
import { createGathering } from './gathering.ts';
import type { Transact } from './shared-reads.ts';
import type { Tx, Work } from './transaction.ts';

/** Runs writes behind the walls of one store, several of one name in one transaction when they come together. */
export interface SharedWrites {
  write<T>(name: string, transaction: Transact, work: Work<T>): Promise<T>;
}

/** Works in one transaction: all wait for its commit. */
const MAX_TOGETHER = 32;

interface Asked {
  readonly transaction: Transact;
  /** Writes; gives what settles the caller once it is stored. */
  readonly write: (tx: Tx) => Promise<() => void>;
  readonly alone: () => Promise<void>;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Makes the shared writes of one store. When one work fails nothing of the transaction is stored, and each is done again,
 * alone: only then its caller hears of it.
 */
export function createSharedWrites(): SharedWrites {
  const gathering = createGathering<Asked>({ maxTogether: MAX_TOGETHER, together });
  return {
    write: async (name, transaction, work) =>
      await new Promise((resolve, reject) => {
        gathering.add(name, {
          transaction,
          write: async (tx) => {
            const value = await work(tx);
            return () => resolve(value);
          },
          alone: async () => await transaction(work).then(resolve, reject),
          refuse: reject,
        });
      }),
  };
}

async function together(batch: readonly Asked[]): Promise<void> {
  const [first] = batch;
  if (first === undefined || batch.length === 1) return await first?.alone();
  try {
    const stored = await first.transaction(async (tx) => await writeAll(tx, batch));
    for (const settle of stored) settle();
  } catch (error) {
    if (isOfAll(error)) for (const { refuse } of batch) refuse(error);
    else await Promise.all(batch.map(({ alone }) => alone()));
  }
}

/** Waits for all, so that nothing is said in the transaction once one has failed and it is rolled back. */
async function writeAll(tx: Tx, batch: readonly Asked[]): Promise<(() => void)[]> {
  const outcomes = await Promise.allSettled(batch.map(({ write }) => write(tx)));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** Nothing is known of any, or nobody could be served: to try each by itself would help nobody. */
function isOfAll(error: unknown): boolean {
  if (isKeptWaiting(error)) return false;
  return hasCode(error, 'outcome_unknown') || hasCode(error, 'dependency_down');
}
