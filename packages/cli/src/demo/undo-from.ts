import { until } from './truth.ts';

/** One JSON-RPC call to a node. */
type Ask = (method: string, ...params: unknown[]) => Promise<unknown>;

/**
 * Has anvil undo the block at a height and all above it. One that makes blocks by its clock is stopped meanwhile, just after a block:
 * one that anvil 1.7.1 makes in the middle of a reorg leaves a hole in its chain for good.
 */
export async function undoFrom(height: number, ask: Ask): Promise<void> {
  const head = () => ask('eth_blockNumber').then(Number);
  const undo = async () => ask('anvil_reorg', (await head()) - height + 1, []);
  const seconds = Number(await ask('anvil_getIntervalMining'));
  if (seconds === 0) return void (await undo());
  const before = await head();
  await until('the node has made a block', async () => ((await head()) > before ? true : null));
  await ask('evm_setIntervalMining', 0);
  try {
    await undo();
  } finally {
    await ask('evm_setIntervalMining', seconds);
  }
}
