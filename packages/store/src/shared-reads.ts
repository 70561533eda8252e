import { AppError } from '@ironforge/kernel';
import type { Tx, Work } from './transaction.ts';

/** Runs reads behind the walls of one store, several of a wall in one transaction when they come together. */
export interface SharedReads {
  /** Reads at READ COMMITTED, where each statement sees what was stored before it: nobody notices with whom he shares. */
  read<T>(wall: string, transaction: Transact, work: Work<T>): Promise<T>;
}

/** Opens a transaction behind the wall. */
export type Transact = <T>(work: Work<T>) => Promise<T>;

/** Transactions of one wall at the same time: what comes meanwhile waits for the next one, together. */
const MAX_RUNNING = 1;
/** Reads in one transaction: they are answered one after the other. */
const MAX_TOGETHER = 16;

interface Asked {
  readonly read: (tx: Tx) => Promise<void>;
  readonly alone: () => Promise<void>;
  readonly refuse: (reason: unknown) => void;
}

interface Queue {
  readonly asked: Asked[];
  running: number;
}

/** Makes the shared reads of one store. When the database refuses one read, all that shared with it are made again, alone. */
export function createSharedReads(): SharedReads {
  const queues = new Map<string, Queue>();
  return {
    read: async (wall, transaction, work) =>
      await new Promise((resolve, reject) => {
        const queue = queues.get(wall) ?? { asked: [], running: 0 };
        queues.set(wall, queue);
        queue.asked.push(askedFor(work, { transaction, resolve, reject }));
        if (queue.running < MAX_RUNNING) void empty(queue, transaction).then(() => forget(wall, queue));
      }),
  };

  function forget(wall: string, { asked, running }: Queue): void {
    if (running === 0 && asked.length === 0) queues.delete(wall);
  }
}

async function empty(queue: Queue, transaction: Transact): Promise<void> {
  queue.running += 1;
  while (queue.asked.length > 0) await together(queue.asked.splice(0, MAX_TOGETHER), transaction);
  queue.running -= 1;
}

async function together(batch: readonly Asked[], transaction: Transact): Promise<void> {
  try {
    await transaction(async (tx) => {
      await Promise.all(batch.map(({ read }) => read(tx)));
    });
  } catch (error) {
    if (error instanceof AppError) for (const { refuse } of batch) refuse(error);
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
