import { AppError } from '@ironforge/kernel';
import { isKeptWaiting } from './failures.ts';
import { createGathering } from './gathering.ts';
import type { Tx, Work } from './transaction.ts';

/** Runs reads behind the walls of one store, several of a wall in one transaction when they come together. */
export interface SharedReads {
  /** Reads at REPEATABLE READ: all that one read asks is as of one moment after it was asked for, and nobody notices with whom he shares. */
  read<T>(wall: string, transaction: Transact, work: Work<T>): Promise<T>;
}

/** Opens a transaction behind the wall. */
export type Transact = <T>(work: Work<T>) => Promise<T>;

/** Reads in one transaction: they are answered one after the other. */
const MAX_TOGETHER = 16;

interface Asked {
  readonly transaction: Transact;
  readonly read: (tx: Tx) => Promise<void>;
  readonly alone: () => Promise<void>;
  readonly refuse: (reason: unknown) => void;
}

/** Makes the shared reads of one store. When the database refuses one read, all that shared with it are made again, alone. */
export function createSharedReads(): SharedReads {
  const gathering = createGathering<Asked>({ maxTogether: MAX_TOGETHER, together });
  return {
    read: async (wall, transaction, work) =>
      await new Promise((resolve, reject) => {
        gathering.add(wall, askedFor(work, { transaction, resolve, reject }));
      }),
  };
}

async function together(batch: readonly Asked[]): Promise<void> {
  try {
    await batch[0]?.transaction(async (tx) => {
      await Promise.all(batch.map(({ read }) => read(tx)));
    });
  } catch (error) {
    if (error instanceof AppError && !isKeptWaiting(error)) for (const { refuse } of batch) refuse(error);
    else await Promise.all(batch.map(({ alone }) => alone()));
  }
}

interface Asker<T> {
  readonly transaction: Transact;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function askedFor<T>(work: Work<T>, { transaction, resolve, reject }: Asker<T>): Asked {
  return {
    transaction,
    read: async (tx) => {
      const outcome = await outcomeOf(work, tx);
      if ('value' in outcome) resolve(outcome.value);
      else reject(outcome.refusal);
    },
    alone: async () => await transaction(work).then(resolve, reject),
    refuse: reject,
  };
}

/** What the work itself refuses ends this read alone; what the database refuses ends the transaction. */
async function outcomeOf<T>(
  work: Work<T>,
  tx: Tx,
): Promise<{ readonly value: T } | { readonly refusal: AppError }> {
  try {
    return { value: await work(tx) };
  } catch (error) {
    if (error instanceof AppError) return { refusal: error };
    throw error;
  }
}
