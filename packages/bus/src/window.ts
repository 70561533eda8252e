/** Lets at most `size` pieces of work run at once; the others wait in the order they came. */
export interface Window {
  enter(): Promise<void>;
  leave(): void;
}

/** Makes a window of `size` places. */
export function createWindow(size: number): Window {
  const waiting: (() => void)[] = [];
  let free = size;
  return {
    enter: async () => {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave: () => {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    },
  };
}
