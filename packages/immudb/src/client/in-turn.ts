import { AppError } from '@ironforge/kernel';

/** Who works when it is his turn, and who in any case. */
export interface Turns {
  /** Rejects with `dependency_down`, without working, for whoever waited longer for those before him than he has patience. */
  readonly take: <T>(work: () => Promise<T>) => Promise<T>;
  /** After all who have asked. */
  readonly last: (work: () => Promise<void>) => Promise<void>;
}

/** Runs one work after the other, in the order in which they were asked for: each is proved from the state of the one before. */
export function inTurn(patienceMs: number): Turns {
  let before: Promise<unknown> = Promise.resolve();
  const last = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = before.then(work);
    before = mine.catch(() => undefined);
    return mine;
  };
  return {
    take: (work) => {
      const askedAt = performance.now();
      return last(async () => {
        if (performance.now() - askedAt >= patienceMs) throw busy();
        return await work();
      });
    },
    last,
  };
}

function busy(): AppError {
  return new AppError('dependency_down', { detail: 'immudb keeps others waiting', retry: 'later' });
}
