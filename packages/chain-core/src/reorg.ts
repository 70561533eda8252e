/** The last block whose effects are stored. */
export interface Cursor {
  readonly height: number;
  readonly hash: string;
}

/** What the node shows around the cursor. */
export interface NodeView {
  /** Parent hash of the node's block after the cursor; null when it has none there. */
  readonly nextParentHash: string | null;
  /** The hashes at the lower of both tips, the node's and the one we stored; null where one of them has none. */
  readonly meeting: { readonly theirs: string | null; readonly ours: string | null };
}

/** What the follower does next, one step at a time, so that a restart in between is nothing special. */
export type Step = 'apply' | 'wait' | 'undo' | 'stop';

/**
 * Compares our chain with the node's.
 * Its next block stands on ours: apply. It has none and agrees with us as far as it goes: wait (it is at our tip, or lags).
 * It disagrees: our newest block is undone, unless that one was final, which must never happen: stop.
 */
export function nextStep(cursor: Cursor, finalized: number, node: NodeView): Step {
  if (node.nextParentHash === cursor.hash) return 'apply';
  if (node.nextParentHash === null && !disagrees(node)) return 'wait';
  return cursor.height <= finalized ? 'stop' : 'undo';
}

function disagrees({ meeting }: NodeView): boolean {
  return meeting.theirs !== null && meeting.ours !== null && meeting.theirs !== meeting.ours;
}
