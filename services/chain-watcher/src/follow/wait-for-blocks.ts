import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { type CursorState, setCursorStatus } from '../queries/chain-cursors.ts';
import { goOn } from './go-on.ts';
import type { Meeting } from './meeting.ts';
import type { PassResult } from './pass-result.ts';

/** Where we stand, and where the node's chain meets ours. */
export interface Waiting {
  readonly cursor: CursorState;
  readonly meeting: Meeting;
}

/**
 * There is no block to apply, and the node contradicts nothing. That is as it should be at its tip alone: a node that ends
 * below us, or cannot tell the block that comes next, keeps the chain standing, and who waits for it must hear of that.
 */
export async function waitForBlocks(deps: WatcherDeps, chain: Chain, waiting: Waiting): Promise<PassResult> {
  const { cursor, meeting } = waiting;
  if (cursor.status === 'stopped' && !showsOurs(waiting)) return 'wait';
  await goOn(deps, cursor);
  deps.telemetry.lag(cursor.chainId, Math.max(0, meeting.head - cursor.height));
  if (meeting.head === cursor.height) return await say(deps, cursor, 'following');
  if (meeting.head > cursor.height && (await hasNext(chain, cursor))) return 'more';
  return await say(deps, cursor, 'behind');
}

/**
 * True when the node shows a block of ours that a fork below finality would have replaced. That it contradicts none is not
 * enough: a node that begins to read its chain anew knows none of them.
 */
function showsOurs({ cursor, meeting: { height, theirs, ours } }: Waiting): boolean {
  return theirs !== null && theirs === ours && height >= cursor.finalizedHeight;
}

/** The block may have come between two questions. */
async function hasNext({ node }: Chain, { height }: CursorState): Promise<boolean> {
  return (await node.blocksFrom(height + 1, 1)).length > 0;
}

async function say(
  { store }: WatcherDeps,
  cursor: CursorState,
  status: 'following' | 'behind',
): Promise<PassResult> {
  if (cursor.status !== status)
    await store
      .system('chain_watcher')
      .transaction((tx) => setCursorStatus(tx, cursor, status), { isolation: 'read committed' });
  return status === 'following' ? 'nothing' : 'stands';
}
