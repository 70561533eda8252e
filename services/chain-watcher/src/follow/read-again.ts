import { type Block, type ChainWitness, hear, type Word } from '@ironforge/chain-core';
import { appError } from '@ironforge/contracts';
import type { Chain } from '../chains.ts';
import type { Negative } from '../queries/spent-nonces.ts';

/**
 * Asks the endpoints one by one, by block hash, before bad news of a block counts as confirmed: a reverted transaction, a
 * nonce that a stranger spent, or nobody. One wrong answer of a node must not end a request. Throws `dependency_down`
 * while too few endpoints answer, or one of them shows otherwise.
 */
export async function readAgain(
  { node }: Pick<Chain, 'node'>,
  negatives: readonly Negative[],
): Promise<void> {
  for (const [blockHash, told] of Map.groupBy(negatives, ({ block_hash }) => block_hash ?? '')) {
    const verdict = await hear(node.jury, `what happened in block ${blockHash}`, (witness) =>
      wordOn(witness, blockHash, told),
    );
    if (verdict === 'yes')
      throw appError('dependency_down', {
        retry: 'later',
        detail: `a second reading of block ${blockHash} differs`,
      });
  }
}

/** `no` confirms the bad news, `yes` is better news; one that has not this block on its chain can tell neither. */
async function wordOn(witness: ChainWitness, blockHash: string, told: readonly Negative[]): Promise<Word> {
  const block = await witness.blockByHash(blockHash);
  if (block === null) return 'silent';
  if (!showsAll(block, told)) return 'yes';
  const skipped = told.filter(({ tx_hash }) => tx_hash === null);
  return skipped.length === 0 ? 'no' : await wordOnSkipped(witness, blockHash, skipped);
}

function showsAll(block: Block, told: readonly Negative[]): boolean {
  const successes = new Map(block.transactions.map(({ hash, success }) => [hash, success]));
  return told.every(({ tx_hash, success }) => tx_hash === null || successes.get(tx_hash) === success);
}

/**
 * A node forgets old states, of blocks below a long standstill for one. Its head stands on that block, and counts never
 * fall from one block to the next, so then the head is asked: the chain must not stand still for what nobody can tell.
 */
async function wordOnSkipped(
  witness: ChainWitness,
  blockHash: string,
  skipped: readonly Negative[],
): Promise<Word> {
  const addresses = skipped.map(({ address }) => address);
  const counts =
    (await witness.minedCountsAt({ blockHash }, addresses)) ??
    (await witness.minedCountsAt('latest', addresses));
  if (counts === null) return 'silent';
  return skipped.every(({ nonce }, index) => (counts[index] ?? 0) > Number(nonce)) ? 'no' : 'yes';
}
