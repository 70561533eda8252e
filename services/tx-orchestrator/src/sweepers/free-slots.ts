import type { OrchestratorDeps } from '../deps.ts';
import { freeEndedSlots } from '../queries/nonce-slots.ts';
import { BATCH } from './each-place.ts';

/** Frees the nonces of requests that ended unsigned, once their lease is over. */
export async function freeSlots({ store }: OrchestratorDeps): Promise<void> {
  await store
    .system('request_sweeper')
    .transaction((tx) => freeEndedSlots(tx, BATCH), { isolation: 'read committed' });
}
