import type { BlockHashOrHead } from '@ironforge/chain-core';
import { quantityOf } from './json-reader.ts';
import { type RpcPool, resultOf } from './rpc-pool.ts';

/** How many nonces each address has spent in that state, in the order asked; null when the node no longer has it. */
export async function minedCountsAt(
  pool: RpcPool,
  at: BlockHashOrHead,
  addresses: readonly string[],
): Promise<readonly number[] | null> {
  if (addresses.length === 0) return [];
  // EIP-1898; which block is on our chain is judged by whoever asks.
  const pin = at === 'latest' ? at : { ...at, requireCanonical: false };
  const replies = await pool.ask(
    addresses.map((address) => ({ method: 'eth_getTransactionCount', params: [address, pin] })),
  );
  if (replies.some((reply) => 'error' in reply)) return null;
  return replies.map((reply) => Number(quantityOf(resultOf(reply), 'eth_getTransactionCount')));
}
