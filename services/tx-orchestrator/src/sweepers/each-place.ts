import type { Cause } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';

/** Nobody asked for it: the service itself acts. */
export const OWN_CAUSE: Cause = { actor: { type: 'service', id: 'tx-orchestrator' } };

/** How many a sweep takes at a time. */
export const BATCH = 100;

/** Does the work for each, one after the other; one that fails does not stop its siblings. */
export async function eachPlace<T extends object>(
  { log }: Pick<OrchestratorDeps, 'log'>,
  places: readonly T[],
  work: (place: T) => Promise<void>,
): Promise<void> {
  for (const place of places) {
    try {
      await work(place);
    } catch (error) {
      log.warn({ ...place, err: error }, 'a sweep left one behind; tried again');
    }
  }
}
