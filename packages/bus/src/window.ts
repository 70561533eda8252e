/** Lets at most `size` pieces of work run at once; the others wait in the order they came. */
export interface Window {
  /** Takes a place if one is free. */
  tryEnter(): boolean;
  /** Waits for a place. */
  enter(): Promise<void>;
  leave(): void;
}

/** Makes a window of `size` places. */
export function createWindow(size: number): Window {
  const waiting: (() => void)[] = [];
  let free = size;
  const tryEnter = () => {
    if (free === 0) return false;
    free--;
    return true;
  };
  return {
    tryEnter,
    enter: async () => {
      if (!tryEnter()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave: () => {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    },
  };
}
