import { describe, expect, test } from 'vitest';
import type { Explained } from '../queries/balance-marks.ts';
import { planDifferences, type SweptBlock, toMark } from './plan-differences.ts';

const NATIVE = 'eip155:1/slip44:60';
const block: SweptBlock = {
  chainId: 'eip155:1',
  nativeAssetId: NATIVE,
  height: 50,
  hash: '0xb',
  blockTime: new Date(0),
  lastHeight: 40,
  status: 'pending',
  newId: () => 'id',
  now: new Date(0),
};
const explained: Explained = {
  tenant_id: 't',
  wallet_id: 'w',
  asset_id: NATIVE,
  address: 'A',
  amount: 107n,
  mark_height: 20n,
  mark_amount: 100n,
  moved: 7n,
  rows: 2n,
};

describe('a swept balance', () => {
  test('that its transfers explain is no deposit; it is marked anew where something moved', () => {
    expect(planDifferences([explained], block)).toEqual([]);
    expect(toMark([explained])).toHaveLength(1);
    expect(toMark([{ ...explained, amount: 100n, moved: 0n, rows: 0n }])).toEqual([]);
  });

  test('that nobody looked at before explains nothing: it is marked, and books nothing', () => {
    const first = { ...explained, mark_height: null, mark_amount: null, moved: 0n };
    expect(planDifferences([first], block)).toEqual([]);
    expect(toMark([first])).toEqual([first]);
  });

  test.each([
    ['more coin', { amount: 110n }, { direction: 'in', kind: 'internal', amount: 3n, to_address: 'A' }],
    ['less coin', { amount: 90n }, { direction: 'out', kind: 'unexplained', amount: 17n, from_address: 'A' }],
    [
      'more of a token',
      { amount: 110n, asset_id: 'T' },
      { direction: 'in', kind: 'unexplained', amount: 3n },
    ],
  ])('with %s than explained is booked', (_, change, row) => {
    expect(planDifferences([{ ...explained, ...change }], block)).toMatchObject([{ ...row, tx_hash: null }]);
  });

  test('changed after the later of its mark and the last whole sweep', () => {
    const rangeOf = (mark_height: bigint, lastHeight: number | null) =>
      planDifferences([{ ...explained, amount: 1n, mark_height }], { ...block, lastHeight })[0]?.range_from;
    expect([rangeOf(20n, 40), rangeOf(45n, 40), rangeOf(20n, null)]).toEqual([41, 46, 21]);
  });

  test('whose contract logged more than there can be books nothing, for no column holds it', () => {
    expect(planDifferences([{ ...explained, moved: -(2n ** 257n) }], block)).toEqual([]);
  });
});
