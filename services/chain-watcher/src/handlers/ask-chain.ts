import { postponed } from '@ironforge/bus';
import { hasCode } from '@ironforge/kernel';

/**
 * What the node of one chain must answer for one message. While it does not, that message waits alone: one queue carries the
 * messages of all chains, and a node that is away must not hold those of the others.
 */
export async function askChain<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (hasCode(error, 'dependency_down')) throw postponed(error.message, error);
    throw error;
  }
}
