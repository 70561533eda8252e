import { appError } from '@ironforge/contracts';
import type { Chain } from '../chains.ts';
import type { Negative } from '../queries/spent-nonces.ts';

/**
 * Reads a block a second time before bad news of it counts as confirmed: a reverted transaction, a nonce that a stranger
 * spent. One wrong answer of a node must not end a request. Throws `dependency_down` while the two readings differ.
 */
export async function readAgain(
  { node }: Pick<Chain, 'node'>,
  height: number,
  negatives: readonly Negative[],
): Promise<void> {
  if (negatives.length === 0) return;
  const [block] = await node.blocksFrom(height, 1);
  const successes = new Map(block?.transactions.map(({ hash, success }) => [hash, success]));
  const holds = ({ tx_hash, success, block_hash }: Negative) =>
    block_hash === block?.hash && tx_hash !== null && successes.get(tx_hash) === success;
  if (negatives.every(holds)) return;
  throw appError('dependency_down', {
    retry: 'later',
    detail: `a second reading of block ${height} differs`,
  });
}
