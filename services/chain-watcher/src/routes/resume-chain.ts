import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';
import { lowerFinality } from '../queries/chain-cursors.ts';

/** Lets a chain that stopped undo final blocks; its follower sees it within its next rest. */
export function resumeChain({ store, log }: WatcherDeps): BoundRoute {
  return bind(ROUTES.resumeChain, async ({ body: { chainId, finalizedHeight }, caller }) => {
    const place = { chainId, height: finalizedHeight };
    const isLowered = await store
      .system('chain_watcher')
      .transaction((tx) => lowerFinality(tx, place), { isolation: 'read committed' });
    if (!isLowered) throw appError('chain_not_stopped');
    log.warn({ ...place, userId: caller.userId, alert: true }, 'finality of a stopped chain was taken back');
    return { status: 200, body: { chainId, finalizedHeight } };
  });
}
