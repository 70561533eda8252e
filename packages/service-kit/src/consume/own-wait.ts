import { postponed } from '@ironforge/bus';
import { isKeptWaiting } from '@ironforge/store';

/**
 * The fault as its consumer is to hear it: what waited too long for a lock waits alone, uncounted, since its siblings do not need
 * what is locked; anything else as it is.
 */
export function asOwnWait(error: unknown): unknown {
  return isKeptWaiting(error) ? postponed('somebody else holds what it needs', error) : error;
}

/** The same for the work that a handler does before the transaction of its inbox row. Throws as that does. */
export async function waitingAlone<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asOwnWait(error);
  }
}
