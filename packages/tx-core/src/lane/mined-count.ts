import type { Depth } from '../request/status.ts';
import type { Slot } from './slot.ts';

/**
 * The mined count of a lane after news of one of its nonces. News may come in any order, so a spent one only raises it and
 * a free one only lowers it.
 */
export function minedCountAfter(minedCount: number, { nonce, depth }: NonceDepth): number {
  return depth === 'none' ? Math.min(minedCount, nonce) : Math.max(minedCount, nonce + 1);
}

/**
 * The mined count of a lane after a node told one, whichever way it differs: too high or too low, the next one heals it.
 * What news have shown as spent meanwhile is not counted down again.
 */
export function recounted(slots: readonly Slot[], quotedCount: number): number {
  const spent = new Set(slots.filter(({ state }) => state === 'spent').map(({ nonce }) => nonce));
  let minedCount = quotedCount;
  while (spent.has(minedCount)) minedCount += 1;
  return minedCount;
}

type NonceDepth = { readonly nonce: number; readonly depth: Depth };
