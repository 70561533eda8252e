import type { ChainConfig, FeeOffer, FeeTable } from '@ironforge/chain-core';
import { listOf, quantityOf, recordOf, toQuantity } from './json-reader.ts';
import type { RpcCall } from './rpc-client.ts';
import { type RpcReply, resultOf } from './rpc-pool.ts';

const BLOCKS = 20;
const PERCENTILES = [10, 50, 90];
/** What is offered over the next base fee, in percent of it; it at most doubles in six full blocks (EIP-1559). */
const BASE_FEE_PERCENT = { slow: 125n, standard: 200n, fast: 300n };
const GAS_PRICE_PERCENT = { slow: 100n, standard: 110n, fast: 130n };

/** The calls whose replies `readFees` reads, always two. */
export function feeCalls(config: Pick<ChainConfig, 'feeModel'>): readonly [RpcCall, RpcCall] {
  const price = { method: 'eth_gasPrice', params: [] };
  if (config.feeModel === 'legacy') return [price, price];
  const history = { method: 'eth_feeHistory', params: [toQuantity(BLOCKS), 'latest', PERCENTILES] };
  return [history, { method: 'eth_maxPriorityFeePerGas', params: [] }];
}

/** Fee offers out of the replies to `feeCalls`. Throws `dependency_down` when the node would not tell. */
export function readFees(config: Pick<ChainConfig, 'feeModel'>, replies: readonly RpcReply[]): FeeTable {
  const [first, second] = replies;
  if (config.feeModel === 'legacy') return legacyFees(quantityOf(resultOf(first), 'eth_gasPrice'));
  return historyFees(resultOf(first), readTip(second));
}

/** 0 from a node that suggests none: the tip is needed where all blocks were empty alone. */
function readTip(reply: RpcReply | undefined): bigint {
  const told = reply !== undefined && 'result' in reply ? reply.result : null;
  return told === null ? 0n : quantityOf(told, 'eth_maxPriorityFeePerGas');
}

/** On a chain with one gas price both fields of an offer are that price. */
function legacyFees(gasPrice: bigint): FeeTable {
  const offer = (percent: bigint): FeeOffer => {
    const price = (gasPrice * percent + 99n) / 100n;
    return { maxFeePerGas: price, maxPriorityFeePerGas: price };
  };
  const { slow, standard, fast } = GAS_PRICE_PERCENT;
  return { slow: offer(slow), standard: offer(standard), fast: offer(fast) };
}

/** Tips are medians of what blocks paid, empty ones left out: they say nothing. Where all are empty, what the node suggests. */
function historyFees(history: unknown, suggestedTip: bigint): FeeTable {
  const { baseFeePerGas, reward } = recordOf(history, 'eth_feeHistory');
  const nextBaseFee = quantityOf(listOf(baseFeePerGas, 'baseFeePerGas').at(-1), 'baseFeePerGas');
  const rewards = listOf(reward, 'reward').map((row) =>
    listOf(row, 'reward').map((tip) => quantityOf(tip, 'reward')),
  );
  const offer = (column: number, percent: bigint): FeeOffer => {
    const tip = tipOf(rewards, column, suggestedTip);
    return { maxFeePerGas: (nextBaseFee * percent) / 100n + tip, maxPriorityFeePerGas: tip };
  };
  const { slow, standard, fast } = BASE_FEE_PERCENT;
  return { slow: offer(0, slow), standard: offer(1, standard), fast: offer(2, fast) };
}

function tipOf(rewards: readonly (readonly bigint[])[], column: number, suggested: bigint): bigint {
  const paid = rewards.map((row) => row[column] ?? 0n).filter((tip) => tip > 0n);
  const median = paid.toSorted((a, b) => Number(a - b))[Math.floor(paid.length / 2)];
  return median ?? (suggested > 0n ? suggested : 1n);
}
