import { until } from './truth.ts';

/** One JSON-RPC call to a node. */
type Ask = (method: string, ...params: unknown[]) => Promise<unknown>;

/**
 * Has anvil undo the block at a height and all above it. Its clock is stopped meanwhile, just after a block: one that anvil 1.7.1
 * makes in the middle of a reorg leaves a hole in its chain for good.
 */
export async function undoFrom(height: number, ask: Ask): Promise<void> {
  const head = () => ask('eth_blockNumber').then(Number);
  const before = await head();
  await until('the node has made a block', async () => ((await head()) > before ? true : null));
  const seconds = await ask('anvil_getIntervalMining');
  await ask('evm_setIntervalMining', 0);
  try {
    await ask('anvil_reorg', (await head()) - height + 1, []);
  } finally {
    await ask('evm_setIntervalMining', seconds ?? 0);
  }
}
