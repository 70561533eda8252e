import { type Block, type ChainWitness, hear, type Jury, type Word } from '@ironforge/chain-core';
import { appError } from '@ironforge/contracts';
import { hasCode } from '@ironforge/kernel';
import type { Chain } from '../chains.ts';
import type { Passing } from '../queries/spent-nonces.ts';

/**
 * Asks the endpoints one by one, by block hash, before what spent a nonce counts as confirmed: one wrong answer of a node must
 * end no request. Bad news, a reverted transaction or a nonce that a stranger spent or nobody, needs as many voices as the
 * quorum. An attempt of ours needs no objection: else nothing would be confirmed while one of two endpoints is away. Gives a
 * block that enough endpoints show otherwise than it was read, to be corrected. Throws `dependency_down` while too few
 * answer, or they differ.
 */
export async function readAgain(
  { node: { jury } }: Pick<Chain, 'node'>,
  passing: readonly Passing[],
): Promise<Block | null> {
  for (const [blockHash, told] of Map.groupBy(passing, ({ block_hash }) => block_hash ?? '')) {
    if ((await verdictOn(jury, blockHash, told)) === 'no') continue;
    const block = await agreedOn(jury, blockHash);
    if (block !== null && !showsAll(block, told)) return block;
    const detail = `a second reading of block ${blockHash} differs`;
    throw appError('dependency_down', { retry: 'later', detail });
  }
  return null;
}

async function verdictOn(
  jury: Jury<ChainWitness>,
  blockHash: string,
  told: readonly Passing[],
): Promise<'yes' | 'no'> {
  const heard = hear(jury, `what happened in block ${blockHash}`, (witness) =>
    wordOn(witness, blockHash, told),
  );
  if (told.some(({ is_bad }) => is_bad)) return await heard;
  return await heard.catch(unlessSilent<'no'>('no'));
}

/** The block as enough endpoints show it, and more than show it in any other way; an only one is asked twice. */
async function agreedOn({ witnesses, quorum }: Jury<ChainWitness>, hash: string): Promise<Block | null> {
  const [only] = witnesses;
  const asked = witnesses.length === 1 && only !== undefined ? [only, only] : witnesses;
  const answers = asked.map((witness) => witness.blockByHash(hash).catch(unlessSilent(null)));
  const blocks = (await Promise.all(answers)).filter((block) => block !== null);
  const groups = [...Map.groupBy(blocks, outcomesOf).values()].toSorted((a, b) => b.length - a.length);
  const [most = [], second = []] = groups;
  const needed = asked === witnesses ? quorum : asked.length;
  return most.length >= needed && most.length > second.length ? (most[0] ?? null) : null;
}

function outcomesOf({ transactions }: Block): string {
  return transactions.map(({ hash, success }) => `${hash} ${success}`).join();
}

/** What stands for the answer of whoever does not answer; any other fault is thrown on. */
function unlessSilent<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (hasCode(error, 'dependency_down')) return instead;
    throw error;
  };
}

/** `no` confirms what was told, `yes` is other news; one that has not this block on its chain can tell neither. */
async function wordOn(witness: ChainWitness, blockHash: string, told: readonly Passing[]): Promise<Word> {
  const block = await witness.blockByHash(blockHash);
  if (block === null) return 'silent';
  if (!showsAll(block, told)) return 'yes';
  const skipped = told.filter(({ tx_hash }) => tx_hash === null);
  return skipped.length === 0 ? 'no' : await wordOnSkipped(witness, blockHash, skipped);
}

function showsAll(block: Block, told: readonly Passing[]): boolean {
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
  skipped: readonly Passing[],
): Promise<Word> {
  const addresses = skipped.map(({ address }) => address);
  const counts =
    (await witness.minedCountsAt({ blockHash }, addresses)) ??
    (await witness.minedCountsAt('latest', addresses));
  if (counts === null) return 'silent';
  return skipped.every(({ nonce }, index) => (counts[index] ?? 0) > Number(nonce)) ? 'no' : 'yes';
}
