import { describe, expect, it } from 'vitest';
import { readFees } from './fees.ts';
import type { RpcReply } from './rpc-pool.ts';

const config = { feeModel: 'eip1559' as const };
const GWEI = '0x3b9aca00';

function tipsOf(rewards: readonly (readonly string[])[]): readonly bigint[] {
  const history = { result: { baseFeePerGas: ['0x7', '0x7'], reward: rewards } };
  const { slow, standard, fast } = readFees(config, [history, { result: GWEI }]);
  return [slow, standard, fast].map((offer) => offer.maxPriorityFeePerGas);
}

const EMPTY = ['0x0', '0x0', '0x0'];

it('offers the tips that blocks paid, however many empty ones lie between', () => {
  expect(tipsOf([EMPTY, ['0x1', '0x2', '0x3'], EMPTY, EMPTY])).toEqual([1n, 2n, 3n]);
});

it('offers what the node suggests where all blocks are empty', () => {
  expect(tipsOf([EMPTY, EMPTY])).toEqual([10n ** 9n, 10n ** 9n, 10n ** 9n]);
});

describe('a node that suggests no tip', () => {
  const error = {
    code: -32_601,
    message: 'the method eth_maxPriorityFeePerGas does not exist/is not available',
  };
  const offered = (rewards: readonly (readonly string[])[], suggested: RpcReply) =>
    readFees(config, [{ result: { baseFeePerGas: ['0x7', '0x7'], reward: rewards } }, suggested]).standard;

  it.each([{ error }, { result: null }])('is asked of what blocks paid (%j)', (suggested) => {
    expect(offered([['0x1', '0x2', '0x3']], suggested).maxPriorityFeePerGas).toBe(2n);
  });

  it('is offered the least tip where all blocks are empty', () => {
    expect(offered([EMPTY], { error })).toEqual({ maxFeePerGas: 15n, maxPriorityFeePerGas: 1n });
  });
});
