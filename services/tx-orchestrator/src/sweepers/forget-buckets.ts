import type { OrchestratorDeps } from '../deps.ts';
import { deleteOldBuckets } from '../queries/spending-windows.ts';
import { BATCH } from './each-place.ts';

const EVERY_ROUNDS = 60;

/** Makes the sweep that removes, now and then, what no spending window looks at any more. */
export function createBucketForgetter(days: number): (deps: OrchestratorDeps) => Promise<void> {
  let rounds = 0;
  return async ({ store }) => {
    rounds += 1;
    if (rounds % EVERY_ROUNDS !== 1) return;
    await store
      .system('request_sweeper')
      .transaction((tx) => deleteOldBuckets(tx, { days, count: BATCH }), { isolation: 'read committed' });
  };
}
