import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewTransaction } from '../queries/transactions.ts';
import { bookDifferences } from './book-differences.ts';

const TOKEN = 'eip155:1/erc20:0xT';
const KEY = `t w ${TOKEN}`;

test.each<[string, readonly [string, bigint][], bigint, readonly [bigint, bigint | null][]]>([
  ['nothing differs', [['in', 100n]], 100n, [[100n, null]]],
  ['a fee on the way', [['in', 100n]], 97n, [[97n, 100n]]],
  ['growth in the same block', [['in', 100n]], 104n, [[104n, 100n]]],
  [
    'a fee on two arrivals, in their ratio',
    [
      ['in', 300n],
      ['in', 100n],
    ],
    360n,
    [
      [270n, 300n],
      [90n, 100n],
    ],
  ],
  [
    'rounding, to the last',
    [
      ['in', 10n],
      ['in', 10n],
      ['in', 10n],
    ],
    28n,
    [
      [9n, 10n],
      [9n, 10n],
      [10n, null],
    ],
  ],
  ['a fee that the sender pays', [['out', 100n]], -103n, [[103n, 100n]]],
  [
    'an arrival and a payment',
    [
      ['in', 100n],
      ['out', 50n],
    ],
    45n,
    [
      [95n, 100n],
      [50n, null],
    ],
  ],
  ['all of it taken', [['in', 100n]], 0n, [[0n, 100n]]],
  ['a loss that no arrival explains', [['in', 5n]], -50n, [[5n, null]]],
])('%s', (_, moved, change, booked) => {
  const rows = bookDifferences(moved.map(rowOf), new Map([[KEY, change]]));
  expect(rows.map(({ amount, logged_amount }) => [amount, logged_amount])).toEqual(booked);
});

test('a contract that logs more than there can be is booked as it logged, for no column holds the sum', () => {
  const most = 2n ** 256n - 1n;
  const rows = (['in', 'in', 'out', 'out'] as const).map((side) => rowOf([side, most]));
  expect(bookDifferences(rows, new Map([[KEY, 5n]]))).toEqual(rows);
});

test('what is not known to have moved is booked as it was logged', () => {
  expect(bookDifferences([rowOf(['in', 100n])], new Map())).toEqual([rowOf(['in', 100n])]);
});

test('the booked amounts make up the change whenever both sides stay whole, and the logged ones are kept', () => {
  const transfer = fc.tuple(fc.constantFrom('in', 'out'), fc.bigInt({ min: 1n, max: 10n ** 30n }));
  const change = fc.bigInt({ min: -(10n ** 31n), max: 10n ** 31n });
  fc.assert(
    fc.property(fc.array(transfer, { minLength: 1, maxLength: 8 }), change, (moved, net) => {
      const rows = bookDifferences(moved.map(rowOf), new Map([[KEY, net]]));
      const isTouched = rows.some(({ logged_amount }) => logged_amount !== null);
      const booked = rows.reduce((sum, row) => sum + (row.direction === 'in' ? row.amount : -row.amount), 0n);
      const logged = rows.map((row) => [row.direction, row.logged_amount ?? row.amount]);
      expect(logged).toEqual(moved);
      expect(rows.every(({ amount }) => amount >= 0n)).toBe(true);
      expect(!isTouched || booked === net).toBe(true);
    }),
  );
});

function rowOf([direction, amount]: readonly [string, bigint]): NewTransaction {
  return {
    id: 'id',
    tenant_id: 't',
    wallet_id: 'w',
    tx_request_id: null,
    direction,
    chain_id: 'eip155:1',
    tx_hash: '0x1',
    transfer_index: 1,
    from_address: 'A',
    to_address: 'B',
    asset_id: TOKEN,
    amount,
    fee: null,
    status: 'pending',
    block_height: 1,
    block_hash: '0xb',
    block_time: new Date(0),
    kind: 'transfer',
    logged_amount: null,
    range_from: null,
    updated_at: new Date(0),
  };
}
