import { tellWentOn } from '../chain-news.ts';
import type { WatcherDeps } from '../deps.ts';
import { type CursorState, setCursorStatus } from '../queries/chain-cursors.ts';

/** Tells that a chain which was stopped is followed again; undoing a block tells it by itself. */
export async function goOn(deps: WatcherDeps, cursor: CursorState): Promise<void> {
  if (cursor.status !== 'stopped') return;
  await deps.store.system('chain_watcher').transaction(
    async (tx) => {
      await setCursorStatus(tx, cursor, 'behind');
      await tellWentOn(deps, tx, cursor);
    },
    { isolation: 'read committed' },
  );
  sayGoesOn(deps, cursor);
}

/** Says it to whoever is on duty. */
export function sayGoesOn({ telemetry, log }: WatcherDeps, { chainId, height, status }: CursorState): void {
  if (status !== 'stopped') return;
  telemetry.chainGoesOn(chainId);
  log.warn({ chainId, height }, 'the chain was stopped, and goes on');
}
