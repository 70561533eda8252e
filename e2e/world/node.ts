import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { chain } from './environment.ts';

/** JSON-RPC 2.0 gives either of the two. */
const Answer = z.object({
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** Asks the node of the first chain itself. Throws with the node's words when it refuses. */
export function askNode(method: string, ...params: unknown[]): Promise<unknown> {
  return askNodeAt(chain.rpcUrl, method, ...params);
}

/** Asks a node at a URL (JSON-RPC). Throws with its words when it refuses. */
export async function askNodeAt(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = Answer.parse(await response.json());
  if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
  return answer.result;
}

/** Gives an address so many wei, without a transaction. */
export async function endow(address: string, wei: bigint): Promise<void> {
  await askNode('anvil_setBalance', address, `0x${wei.toString(16)}`);
}

/** Makes so many empty blocks at once. */
export async function mine(blocks: number): Promise<void> {
  await askNode('anvil_mine', `0x${blocks.toString(16)}`, '0x1');
}

/**
 * Undoes so many blocks; the new ones hold these bytes, each in the block with its index. The node forgets what waits, too: left to
 * itself, anvil 1.7.1 keeps transactions in its pool after a reorg that it never mines, although their nonce is the next one.
 */
export async function reorg(
  depth: number,
  held: readonly (readonly [bytes: string, block: number])[] = [],
): Promise<void> {
  await betweenBlocks(chain.rpcUrl, () => askNode('anvil_reorg', depth, held));
  await askNode('anvil_dropAllTransactions');
}

/** Undoes the block at a height, and all above it. */
export async function reorgFrom(height: number): Promise<void> {
  await betweenBlocks(chain.rpcUrl, async () =>
    askNode('anvil_reorg', (await headHeight()) - height + 1, []),
  );
  await askNode('anvil_dropAllTransactions');
}

/** While the node makes no blocks by its clock: one that anvil 1.7.1 makes in the middle of a reorg leaves a hole in its chain for good. */
export async function betweenBlocks(url: string, act: () => Promise<unknown>): Promise<void> {
  const seconds = Number(await askNodeAt(url, 'anvil_getIntervalMining'));
  if (seconds === 0) return void (await act());
  await stopMining(url, seconds);
  try {
    await act();
  } finally {
    await askNodeAt(url, 'evm_setIntervalMining', seconds);
  }
}

/** Just after a block: anvil goes on with a block that it has begun when its clock is stopped. */
async function stopMining(url: string, seconds: number): Promise<void> {
  for (;;) {
    const seen = await untilNextBlock(url);
    await askNodeAt(url, 'evm_setIntervalMining', 0);
    if (performance.now() - seen < (seconds * 1_000) / 2) return;
    await askNodeAt(url, 'evm_setIntervalMining', seconds);
  }
}

/** Waits for the node's next block; gives the last time at which it was not there yet, of `performance.now`. */
async function untilNextBlock(url: string): Promise<number> {
  const before = await askNodeAt(url, 'eth_blockNumber');
  let seen = performance.now();
  const isThere = async () => {
    const asked = performance.now();
    if ((await askNodeAt(url, 'eth_blockNumber')) !== before) return true;
    seen = asked;
    return false;
  };
  await waitUntil('the next block of the node', isThere, { intervalMs: 20 });
  return seen;
}

/** Sends signed bytes past IronForge, as a signer could by himself. */
export async function sendRaw(bytes: string): Promise<string> {
  return String(await askNode('eth_sendRawTransaction', bytes));
}

/** Transactions mined from an address. */
export async function minedCount(address: string): Promise<number> {
  return Number(await askNode('eth_getTransactionCount', address, 'latest'));
}

/** Blocks from which on the local chain is final. */
const FINAL_DEPTH = 32;

/** True when a block is final by now: other files mine on this chain too, and many blocks at once. */
export async function isFinal(height: number): Promise<boolean> {
  return (await headHeight()) - height + 1 >= FINAL_DEPTH;
}

/** What an address holds at the head, in wei. */
export async function balanceOf(address: string): Promise<bigint> {
  return BigInt(String(await askNode('eth_getBalance', address, 'latest')));
}

export async function headHeight(): Promise<number> {
  return Number(await askNode('eth_blockNumber'));
}
