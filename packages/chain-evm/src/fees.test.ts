import { expect, it } from 'vitest';
import { readFees } from './fees.ts';

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
