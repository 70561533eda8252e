import type { Tx } from '@ironforge/store';
import { findLowestBackfills, findShortestBackfills, type Standing } from '../queries/backfills.ts';

/** Whose turn it is, and what came of the last turn. */
export interface BackfillOrder {
  readonly choose: (tx: Tx, chainId: string) => Promise<Standing>;
  /** Ends a turn; true when those that were chosen came further. */
  note(cameFurther: boolean): void;
}

/**
 * Turn about, the backfills that are furthest behind, and the shortest of those that did not fail: one that cannot go on is
 * tried again in every second turn, and in the others only when all have failed.
 */
export function createBackfillOrder(): BackfillOrder {
  const stuck = new Set<number>();
  let isLowestTurn = true;
  let chosen: number | null = null;
  return {
    async choose(tx, chainId) {
      const found = isLowestTurn
        ? await findLowestBackfills(tx, chainId)
        : await findShortestBackfills(tx, chainId, [...stuck]);
      const [first] = found.standing;
      chosen = first === undefined ? null : Number(first.next_height);
      return found;
    },
    note(cameFurther) {
      if (chosen !== null && !isLowestTurn && stuck.has(chosen)) stuck.clear();
      if (chosen !== null && !cameFurther) stuck.add(chosen);
      isLowestTurn = !isLowestTurn;
      chosen = null;
    },
  };
}
