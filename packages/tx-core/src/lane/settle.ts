import type { AttemptId, TxRequestId } from '@ironforge/kernel';
import type { Command, MinedTx } from '../request/command.ts';
import type { Depth } from '../request/status.ts';
import { adopterOf, type Effect, type Holder } from './adoption.ts';

/** What the chain shows on one nonce of a lane: a transaction, or null for a nonce spent without one (EIP-7702). */
export type SpentNonce = {
  readonly nonce: number;
  readonly version: number;
  readonly depth: Depth;
  readonly tx: (MinedTx & { readonly effect: Effect }) | null;
};

/** What one request is to be told. */
export type Settlement = { readonly requestId: TxRequestId; readonly command: Command };

/**
 * What each request that was ever offered the nonce is told about what spent it: one has it as its own,
 * the others lost the nonce; or it is undone for all.
 */
export function settleNonce(
  spent: SpentNonce,
  holders: readonly Holder[],
  newAttemptId: AttemptId,
): readonly Settlement[] {
  const owner = ownerOf(spent, holders);
  const requestIds = [...new Set(holders.map(({ requestId }) => requestId))];
  return requestIds.map((requestId) => {
    const own = owner?.requestId === requestId ? owner : null;
    return { requestId, command: commandFor(spent, own, newAttemptId) };
  });
}

/** Its own bytes first: their hash is known; otherwise whoever adopts it. */
function ownerOf({ tx }: SpentNonce, holders: readonly Holder[]): Holder | null {
  if (tx === null) return null;
  return holders.find(({ txHash }) => txHash === tx.txHash) ?? adopterOf(tx.effect, holders);
}

function commandFor(spent: SpentNonce, own: Holder | null, newAttemptId: AttemptId): Command {
  const { nonce, version, depth, tx } = spent;
  if (depth === 'none') return { type: 'unspend', nonce, version };
  if (own === null || tx === null) return { type: 'spendOutside', nonce, version, depth };
  const { txHash, blockHeight, blockHash, success } = tx;
  const mined = { txHash, blockHeight, blockHash, success };
  return { type: 'adopt', nonce, version, depth, attemptId: own.attemptId, newAttemptId, tx: mined };
}
