import type { Block } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import {
  findUnaccounted,
  type MinedCount,
  MOST_UNACCOUNTED,
  type NoncePlace,
  raiseMinedCounts,
} from '../queries/mined-counts.ts';
import { type NewSpentNonce, type SpentNonce, upsertSpentNonces } from '../queries/spent-nonces.ts';
import type { Inclusion, Watched } from './plan-block.ts';

/**
 * Reads how many nonces these addresses have spent by a block, before any database transaction. A nonce can be spent
 * without a transaction of its sender (EIP-7702): by an authorization in somebody else's transaction, and by a contract
 * that code delegated to the sender creates, which no list in any block shows. So what was spent is found by counting
 * and not by looking for authorizations. Counting everybody in each block would be dear, and is of no use: it matters
 * where signed bytes wait for a nonce, and where somebody was told of a higher count than blocks explain. So a block of
 * which nobody waits for anything costs nothing, and the others a hundred addresses a call, beside the balances.
 * Empty when the node has no such block or state any more: then a later block is asked.
 */
export async function readCounts(
  { node }: Pick<Chain, 'node'>,
  blockHash: string,
  addresses: readonly string[],
): Promise<MinedCount[]> {
  const counts = await node.minedCountsAt({ blockHash }, addresses);
  return (counts ?? []).flatMap((count, index) => {
    const address = addresses[index];
    return address === undefined ? [] : [{ address, count }];
  });
}

/** What is known of nonces after a block. */
export interface Counting {
  readonly block: Block;
  readonly watched: Watched;
  readonly inclusion: Inclusion;
  readonly counts: readonly MinedCount[];
}

/** Writes down the nonces that are spent by a block though no transaction that we saw has them, and gives them. */
export async function noteSkippedNonces(
  tx: Tx,
  { block, watched, inclusion, counts }: Counting,
): Promise<SpentNonce[]> {
  const { chainId } = inclusion;
  const all = highestCounts([...countsShownBy(block, watched), ...counts]);
  const skipped = await findUnaccounted(tx, chainId, all);
  const spent = await upsertSpentNonces(
    tx,
    skipped.map((place) => skippedNonce(place, block, inclusion)),
  );
  await raiseMinedCounts(tx, chainId, asFarAsLooked(all, skipped));
  return spent;
}

/** A transaction of a sender proves that all nonces below its own are spent. */
function countsShownBy(block: Block, { addresses }: Watched): MinedCount[] {
  const watched = new Set(addresses.map(({ address }) => address));
  return block.transactions
    .filter(({ from }) => watched.has(from))
    .map(({ from, nonce }) => ({ address: from, count: nonce + 1 }));
}

function highestCounts(counts: readonly MinedCount[]): MinedCount[] {
  const highest = new Map<string, number>();
  for (const { address, count } of counts) highest.set(address, Math.max(count, highest.get(address) ?? 0));
  return [...highest].map(([address, count]) => ({ address, count }));
}

/** What lies above as many as were given at once is given with a later block. */
function asFarAsLooked(counts: readonly MinedCount[], given: readonly NoncePlace[]): MinedCount[] {
  const ends = [...Map.groupBy(given, ({ tenant_id, address }) => `${tenant_id} ${address}`).values()]
    .filter((places) => places.length >= MOST_UNACCOUNTED)
    .flatMap((places) => places.slice(-1));
  return counts.map(({ address, count }) => {
    const reached = ends.filter((end) => end.address === address).map(({ nonce }) => Number(nonce) + 1);
    return { address, count: Math.min(count, ...reached) };
  });
}

function skippedNonce(
  { tenant_id, address, nonce }: NoncePlace,
  block: Block,
  { chainId }: Inclusion,
): NewSpentNonce {
  const place = { tenant_id, chain_id: chainId, address, nonce: Number(nonce) };
  // However deep the block lies: that nobody spent it counts only once it was read again.
  return {
    ...place,
    depth: 'included',
    ...NO_TRANSACTION,
    block_height: block.height,
    block_hash: block.hash,
  };
}

const NO_TRANSACTION = {
  tx_hash: null,
  to_address: null,
  value: null,
  data: null,
  success: null,
  tx_type: null,
  gas_limit: null,
  max_fee_per_gas: null,
  max_priority_fee_per_gas: null,
  attachments: null,
  fee_paid: null,
};
