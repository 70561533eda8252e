import type { TxRequestId } from '@ironforge/kernel';
import type { MinedTx } from '../request/command.ts';
import type { Depth } from '../request/status.ts';
import type { Effect } from './adoption.ts';

/** How deep a block of the small chain must lie to be confirmed. */
const CONFIRMED = 2;
/** How deep a block must lie to be final. */
export const FINAL = 4;

/** Signed bytes that some node may know; `origin` is null for a stranger's. */
export type SignedTx = { hash: string; nonce: number; effect: Effect; origin: TxRequestId | null };

export type Block = { readonly hash: string; readonly txs: readonly SignedTx[] };

/** The transactions of the chain, whose place is their nonce. */
export function minedTxs(chain: readonly Block[]): readonly SignedTx[] {
  return chain.flatMap(({ txs }) => txs);
}

/** What a node says of the mined count: as it is, as it was a block ago, or as it never was. */
export type Quoted = 'present' | 'stale' | 'tooHigh';

/** The mined count that a node tells. */
export function quotedCount(chain: readonly Block[], quoted: Quoted): number {
  if (quoted === 'stale') return minedTxs(chain.slice(0, -1)).length;
  return minedTxs(chain).length + (quoted === 'tooHigh' ? 2 : 0);
}

/** In which block a transaction is, and how deep. */
export function placeOf(chain: readonly Block[], tx: SignedTx | null): { block: Block | null; depth: Depth } {
  const height = chain.findIndex(({ txs }) => tx !== null && txs.includes(tx));
  const block = chain[height] ?? null;
  const confirmations = chain.length - height;
  if (block === null) return { block, depth: 'none' };
  if (confirmations >= FINAL) return { block, depth: 'finalized' };
  return { block, depth: confirmations >= CONFIRMED ? 'confirmed' : 'included' };
}

/** A transaction as an observer tells it. */
export function minedTx(tx: SignedTx, block: Block | null): MinedTx {
  return { txHash: tx.hash, blockHeight: 0, blockHash: block?.hash ?? '', success: true };
}
