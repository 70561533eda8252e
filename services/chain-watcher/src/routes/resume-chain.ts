import { appError, ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, causeOfRequest } from '@ironforge/service-kit';
import { tellResumed } from '../chain-news.ts';
import type { WatcherDeps } from '../deps.ts';
import { findCursor, lowerFinality } from '../queries/chain-cursors.ts';

/** Lets a chain that a fork stopped undo final blocks, and tells its tenants who did; its follower sees it within its next rest. */
export function resumeChain(deps: WatcherDeps): BoundRoute {
  return bind(ROUTES.resumeChain, async (request) => {
    const { chainId, finalizedHeight } = request.body;
    const { caller } = request;
    const place = { chainId, height: finalizedHeight };
    const resumption = { finalizedHeight, tenantId: caller.tenantId, cause: causeOfRequest(request) };
    const isLowered = await deps.store.system('chain_watcher').transaction(
      async (tx) => {
        const from = await findCursor(tx, chainId);
        if (from === undefined || !(await lowerFinality(tx, place))) return false;
        await tellResumed(deps, tx, { ...resumption, from });
        return true;
      },
      { isolation: 'read committed' },
    );
    if (!isLowered) throw appError('chain_not_stopped');
    deps.log.warn(
      { ...place, userId: caller.userId, alert: true },
      'finality of a stopped chain was taken back',
    );
    return { status: 200, body: { chainId, finalizedHeight } };
  });
}
