import { setTimeout as sleep } from 'node:timers/promises';

/** How long a refused sign-in takes at least, in milliseconds: longer than any of its ways through the code. */
export const REFUSAL_FLOOR_MS = 250;

/** Runs work whose failure shows no earlier than `floorMs` after the start, so that its time tells nothing. */
export async function failNoEarlierThan<T>(floorMs: number, work: () => Promise<T>): Promise<T> {
  const floor = sleep(floorMs, undefined, { ref: false });
  try {
    return await work();
  } catch (error) {
    await floor;
    throw error;
  }
}
