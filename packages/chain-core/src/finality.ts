import type { Depth } from '@ironforge/contracts';
import { assert } from '@ironforge/kernel';
import type { ChainConfig } from './chain-config.ts';

/** What depth is judged by: the head, and the height up to which nothing is undone any more. */
export interface ChainView {
  readonly head: number;
  readonly finalized: number;
}

/** How many blocks vouch for a height, its own counted; 0 for one above the head. */
export function confirmationsOf(height: number, head: number): number {
  return Math.max(0, head - height + 1);
}

/** What of a chain's configuration depth is judged by. */
export type DepthRules = Pick<ChainConfig, 'finality' | 'confirmations'>;

/**
 * The highest final height at `head`, below 0 when there is none: by depth, or the chain's tag.
 * A tag counts up to K confirmations only: final implies confirmed, and a node that calls its head final proves nothing.
 */
export function finalizedHeight(head: number, rules: DepthRules, tag: number | null): number {
  const { finality, confirmations } = rules;
  if (finality.kind === 'depth') return head - finality.depth + 1;
  return tag === null ? -1 : Math.min(tag, confirmedHeight(head, confirmations));
}

/**
 * Where a chain is begun at `head`: on its newest final block. A missing tag is no word about any block, so then on the newest
 * confirmed one; on genesis only while the chain is that young.
 */
export function firstHeight(head: number, rules: DepthRules, tag: number | null): number {
  const hasNoTag = rules.finality.kind === 'tag' && tag === null;
  const height = hasNoTag ? confirmedHeight(head, rules.confirmations) : finalizedHeight(head, rules, tag);
  return Math.max(0, height);
}

function confirmedHeight(head: number, confirmations: number): number {
  return head - confirmations + 1;
}

/** The depth of an inclusion at `height`, or of none; final implies confirmed, even below K confirmations. */
export function depthOf(height: number | null, view: ChainView, confirmations: number): Depth {
  assert(confirmations >= 1, 'K is at least 1');
  if (height === null || height > view.head) return 'none';
  if (height <= view.finalized) return 'finalized';
  return confirmationsOf(height, view.head) >= confirmations ? 'confirmed' : 'included';
}
