import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/**
 * Waits for the first line of a program's output that `read` can make something of, and gives that; what follows is
 * thrown away, so that the program never waits for a reader. Throws when the output ends before.
 */
export async function saidBy<T>(output: Readable, read: (line: string) => T | undefined): Promise<T> {
  const found = await firstOf(output, read);
  // Leaving the loop over the lines has paused the output.
  output.resume();
  return found;
}

async function firstOf<T>(output: Readable, read: (line: string) => T | undefined): Promise<T> {
  for await (const line of createInterface({ input: output })) {
    const found = read(line);
    if (found !== undefined) return found;
  }
  throw new Error('the program ended before it said what it was waited for');
}
