import type { Response } from 'express';

/** How many have a turn at the same time, how many more wait for one, and how long at most, in milliseconds. */
export interface TurnLimits {
  readonly atOnce: number;
  readonly waiting: number;
  readonly withinMs: number;
}

/** Who may go on, in order. */
export interface Turns {
  /** The way to give the turn back; null when there is none in time, or too many wait already. The turn ends with the response. */
  readonly take: (response: Response) => Promise<(() => void) | null>;
}

/** Makes turns that are all free. A client who leaves waits no more. */
export function createTurns({ atOnce, waiting, withinMs }: TurnLimits): Turns {
  const queue = new Set<() => void>();
  let free = atOnce;

  function pass(): void {
    const [first] = queue;
    if (first === undefined) return void free++;
    queue.delete(first);
    first();
  }

  async function wait(response: Response): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const come = () => resolve(true);
    const leave = () => queue.delete(come) && resolve(false);
    const timer = setTimeout(leave, withinMs);
    response.once('close', leave);
    queue.add(come);
    return await promise.finally(() => clearTimeout(timer));
  }

  return {
    async take(response) {
      if (free > 0) free--;
      else if (queue.size >= waiting || !(await wait(response))) return null;
      const giveBack = once(pass);
      if (response.closed) giveBack();
      response.once('close', giveBack);
      return giveBack;
    },
  };
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
