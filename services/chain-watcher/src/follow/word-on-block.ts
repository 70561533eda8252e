import type { Block, ChainTransaction, ChainWitness, Word } from '@ironforge/chain-core';
import type { Passing } from '../queries/spent-nonces.ts';

/** `no` confirms what was told of a block, `yes` is other news; one that has not this block on its chain can tell neither. */
export async function wordOnBlock(
  witness: ChainWitness,
  blockHash: string,
  told: readonly Passing[],
): Promise<Word> {
  const block = await witness.blockByHash(blockHash);
  if (block === null) return 'silent';
  if (!showsAll(block, told)) return 'yes';
  const counted = told.filter((row) => isCounted(block, row));
  return counted.length === 0 ? 'no' : await wordOnCounts(witness, blockHash, counted);
}

/** True when a block shows all that was told of it, and for a nonce that nobody spent no transaction that did. */
export function showsAll(block: Block, told: readonly Passing[]): boolean {
  const successes = new Map(block.transactions.map(({ hash, success }) => [hash, success]));
  return told.every((row) =>
    row.tx_hash === null
      ? !block.transactions.some(isBySenderAt(row, (nonce, own) => nonce === own))
      : successes.get(row.tx_hash) === row.success,
  );
}

/** True for a nonce of which a count alone says that it is spent: no transaction, and none of its sender above it. */
export function isCounted(block: Block, row: Passing): boolean {
  return row.tx_hash === null && !block.transactions.some(isBySenderAt(row, (nonce, own) => nonce > own));
}

function isBySenderAt({ address, nonce: own }: Passing, holds: (nonce: number, own: number) => boolean) {
  return ({ from, nonce }: ChainTransaction) => from === address && holds(nonce, Number(own));
}

/**
 * A node forgets old states, of blocks below a long standstill for one. Its head stands on that block, and counts never
 * fall from one block to the next, so then the head is asked: the chain must not stand still for what nobody can tell.
 */
async function wordOnCounts(
  witness: ChainWitness,
  blockHash: string,
  counted: readonly Passing[],
): Promise<Word> {
  const addresses = counted.map(({ address }) => address);
  const counts =
    (await witness.minedCountsAt({ blockHash }, addresses)) ??
    (await witness.minedCountsAt('latest', addresses));
  if (counts === null) return 'silent';
  return counted.every(({ nonce }, index) => (counts[index] ?? 0) > Number(nonce)) ? 'no' : 'yes';
}
