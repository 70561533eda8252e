import { type Block, type ChainWitness, hear, type Jury, type Whereabouts } from '@ironforge/chain-core';
import { appError } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { Chain } from '../chains.ts';
import type { Passing } from '../queries/spent-nonces.ts';
import { agreedOn, unlessSilent } from './agreed-on.ts';
import { isCounted, showsAll, wordOnBlock } from './word-on-block.ts';

/**
 * Asks the endpoints one by one, by block hash, before what spent a nonce counts as confirmed: one wrong answer of a node must
 * end no request. Bad news, a reverted transaction or a nonce that a stranger spent or nobody, needs as many voices as the
 * quorum. An attempt of ours needs no objection: else nothing would be confirmed while one of two endpoints is away. Gives a
 * block that enough endpoints show otherwise than it was read, or that has a nonce as spent which one of them counts as
 * unspent, to be corrected. Throws `dependency_down` while too few answer, or they differ about what is in a block.
 */
export async function readAgain(
  { node }: Pick<Chain, 'node'>,
  passing: readonly Passing[],
): Promise<Block | null> {
  for (const [blockHash, told] of Map.groupBy(passing, ({ block_hash }) => block_hash ?? '')) {
    const overlooked = await findOverlooked(node, told);
    if (overlooked !== null) return overlooked;
    if ((await verdictOn(node.jury, blockHash, told)) === 'no') continue;
    const block = await agreedOn(node.jury, blockHash);
    if (block === null || isAsTold(block, told)) throw differs(blockHash);
    return block;
  }
  return null;
}

type Node = Pick<Chain['node'], 'find' | 'jury'>;

/**
 * Nobody spent a nonce only when no attempt of ours did: each is looked for by its hash. The block that holds one was read
 * without it, and a nonce that is spent only after its block was counted too early.
 */
async function findOverlooked(node: Node, told: readonly Passing[]): Promise<Block | null> {
  for (const row of told)
    for (const hash of row.attempts) {
      const place = await node.find(hash);
      const block = place.state === 'mined' ? await blockOverlooking(node, { row, hash, place }) : null;
      if (block !== null) return block;
    }
  return null;
}

interface Found {
  readonly row: Passing;
  readonly hash: string;
  readonly place: Extract<Whereabouts, { readonly state: 'mined' }>;
}

/** Null when enough endpoints contradict the one that found it. */
async function blockOverlooking({ jury }: Node, { row, hash, place }: Found): Promise<Block | null> {
  const isLater = place.height > Number(row.block_height);
  const blockHash = isLater ? (row.block_hash ?? '') : place.blockHash;
  const block = await agreedOn(jury, blockHash);
  if (block === null) throw differs(blockHash);
  return isLater || block.transactions.some((mined) => mined.hash === hash) ? block : null;
}

async function verdictOn(
  jury: Jury<ChainWitness>,
  blockHash: string,
  told: readonly Passing[],
): Promise<'yes' | 'no'> {
  const heard = hear(jury, `what happened in block ${blockHash}`, (witness) =>
    wordOnBlock(witness, blockHash, told),
  );
  if (told.some(({ is_bad }) => is_bad)) return await heard;
  return await heard.catch(unlessSilent<'no'>('no'));
}

/** A count that was wrong stands in no block: what it alone said is taken back with the block, and counted anew. */
function isAsTold(block: Block, told: readonly Passing[]): boolean {
  return showsAll(block, told) && !told.some((row) => isCounted(block, row));
}

function differs(blockHash: string): AppError {
  const detail = `a second reading of block ${blockHash} differs`;
  return appError('dependency_down', { retry: 'later', detail });
}
