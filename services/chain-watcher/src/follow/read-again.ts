import type { Block } from '@ironforge/chain-core';
import { appError } from '@ironforge/contracts';
import type { Chain } from '../chains.ts';
import type { Negative } from '../queries/spent-nonces.ts';

type Source = Chain['node']['secondSource'];

/**
 * Asks a second source before bad news of a block counts as confirmed: a reverted transaction, a nonce that a stranger
 * spent, or nobody. One wrong answer of a node must not end a request. Throws `dependency_down` while the two differ.
 */
export async function readAgain(
  { node: { secondSource } }: Pick<Chain, 'node'>,
  height: number,
  negatives: readonly Negative[],
): Promise<void> {
  if (negatives.length === 0) return;
  const [block] = await secondSource.blocksFrom(height, 1);
  const isSame = negatives.every(({ block_hash }) => block_hash === block?.hash);
  if (block !== undefined && isSame && (await doesHold(secondSource, block, negatives))) return;
  throw appError('dependency_down', {
    retry: 'later',
    detail: `a second reading of block ${height} differs`,
  });
}

async function doesHold(source: Source, block: Block, negatives: readonly Negative[]): Promise<boolean> {
  const successes = new Map(block.transactions.map(({ hash, success }) => [hash, success]));
  const skipped = negatives.filter(({ tx_hash }) => tx_hash === null);
  const hasSame = ({ tx_hash, success }: Negative) => tx_hash === null || successes.get(tx_hash) === success;
  return negatives.every(hasSame) && (await areSpent(source, block.hash, skipped));
}

/**
 * A node forgets old states, of blocks below a long standstill for one. Its head stands on that block, and counts never
 * fall from one block to the next, so then the head is asked: the chain must not stand still for what nobody can tell.
 */
async function areSpent(source: Source, blockHash: string, skipped: readonly Negative[]): Promise<boolean> {
  const addresses = skipped.map(({ address }) => address);
  const counts =
    (await source.minedCountsAt({ blockHash }, addresses)) ??
    (await source.minedCountsAt('latest', addresses));
  return skipped.every(({ nonce }, index) => (counts?.[index] ?? 0) > Number(nonce));
}
