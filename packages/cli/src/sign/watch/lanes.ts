import type { Clock } from '@ironforge/kernel';
import type { Task } from './find-tasks.ts';

/** A lane for each address: its tasks one after another, beside those of the others. */
export interface Lanes {
  /** The addresses that tasks can be taken for: nothing of theirs is in hand, and their signer answers. */
  readonly free: () => string[];
  /** Takes tasks of free addresses; returns when they are done, or after a while, so that a slow signer holds up its own alone. */
  readonly take: (tasks: readonly Task[]) => Promise<void>;
  /** Returns when some lane is done, or after a while. */
  readonly change: () => Promise<void>;
  /** Returns when nothing is in hand. */
  readonly done: () => Promise<void>;
}

/** How lanes take their tasks. */
export interface LanesOptions {
  readonly addresses: readonly string[];
  /** Takes one task; false when the signer of its address does not answer, which ends the lane. */
  readonly takeOne: (task: Task) => Promise<boolean>;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

/** The other addresses wait for this one no longer. */
const TOGETHER_MS = 5_000;
/** Not longer each time, as tasks are left alone: the next one may be answered. */
const SILENT_MS = 30_000;

/** Lanes with nothing in them. */
export function createLanes({ addresses, takeOne, clock, stop }: LanesOptions): Lanes {
  const busy = new Map<string, Promise<void>>();
  const silentUntilMs = new Map<string, number>();
  const go = async (address: string, tasks: readonly Task[]): Promise<void> => {
    for (const task of tasks) {
      if (stop.aborted) return;
      if (await takeOne(task)) continue;
      silentUntilMs.set(address, clock().getTime() + SILENT_MS);
      return;
    }
  };
  const start = (address: string, tasks: readonly Task[]): Promise<void> => {
    const lane = go(address, tasks).finally(() => busy.delete(address));
    busy.set(address, lane);
    return lane;
  };
  const together = { ms: TOGETHER_MS, stop };
  const isSilent = (address: string) => (silentUntilMs.get(address) ?? 0) > clock().getTime();
  return {
    free: () => addresses.filter((address) => !busy.has(address) && !isSilent(address)),
    take: async (tasks) => {
      const lanes = [...Map.groupBy(tasks, ({ address }) => address)];
      await orAfter(together, Promise.all(lanes.map((lane) => start(...lane))));
    },
    change: () => orAfter(together, Promise.race(busy.values())),
    done: async () => void (await Promise.all(busy.values())),
  };
}

interface Wait {
  readonly ms: number;
  readonly stop: AbortSignal;
}

async function orAfter({ ms, stop }: Wait, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const end = (): void => resolve();
  stop.addEventListener('abort', end);
  if (stop.aborted) end();
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', end);
  }
}
