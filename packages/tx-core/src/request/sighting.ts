import type { AttemptId } from '@ironforge/kernel';
import { DEPTHS, type Depth } from './status.ts';

/** The transaction in a block that carries out an attempt of this request. */
export type MinedAttempt = {
  readonly by: 'attempt';
  readonly attemptId: AttemptId;
  readonly txHash: string;
  readonly blockHeight: number;
  readonly blockHash: string;
  readonly success: boolean;
};

/** The nonce was spent by something that is no attempt of this request. */
export type SpentOutside = { readonly by: 'outside' };

/** All that one observer sees at a version; a newer one replaces it whole. */
export type Sighting = {
  readonly version: number;
  readonly depth: Depth;
  readonly winner: MinedAttempt | SpentOutside | null;
};

/**
 * What the two observers say: `watch` follows the hashes we sent, `slot` follows the nonce and so also
 * sees what was signed but never handed to us. Their versions are counted apart.
 */
export type Sightings = { readonly watch: Sighting; readonly slot: Sighting };

export type Observer = keyof Sightings;

const NOTHING_SEEN: Sighting = { version: -1, depth: 'none', winner: null };

/** Before anybody saw anything. */
export const noSightings: Sightings = { watch: NOTHING_SEEN, slot: NOTHING_SEEN };

/** What an observer says, made whole: no winner is no depth, and no depth is no winner. */
export function sightingOf(version: number, depth: Depth, winner: Sighting['winner']): Sighting {
  const isNothing = winner === null || depth === 'none';
  return isNothing ? { ...NOTHING_SEEN, version } : { version, depth, winner };
}

/** The claim that holds: one nonce has one transaction, so of two different claims the deeper one is newer. */
export function prevailing(sightings: Sightings): Sighting {
  const { watch, slot } = sightings;
  return rank(slot.depth) > rank(watch.depth) ? slot : watch;
}

/** True when a claim no longer stands as it was: taken back, moved to another block, or less deep. */
export function isUndone(before: Sighting, after: Sighting): boolean {
  if (before.winner === null) return false;
  return !sameWinner(before.winner, after.winner) || rank(after.depth) < rank(before.depth);
}

/** Orders the depths: none 0, included 1, confirmed 2, finalized 3. */
export function rank(depth: Depth): number {
  return DEPTHS.indexOf(depth);
}

function sameWinner(before: MinedAttempt | SpentOutside, after: Sighting['winner']): boolean {
  if (after === null || before.by === 'outside') return after?.by === before.by;
  return after.by === 'attempt' && after.txHash === before.txHash && after.blockHash === before.blockHash;
}
