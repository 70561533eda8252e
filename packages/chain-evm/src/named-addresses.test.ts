import { Interface } from 'ethers';
import { describe, expect, it } from 'vitest';
import { namedAddresses } from './named-addresses.ts';

const a = `0x${'aB'.repeat(20)}`.toLowerCase();
const b = `0x${'12'.repeat(20)}`;
const calls = new Interface([
  'function transferFrom(address,address,uint256)',
  'function pay((address,uint256)[])',
  'function pause()',
  'function execute(address,uint256,bytes)',
  'function multicall(bytes[])',
]);
/** The most call data that a request takes. */
const MOST_BYTES = 65_536;

it.each<[string, string, string[]]>([
  ['of a transfer in another’s name', calls.encodeFunctionData('transferFrom', [a, b, 2n ** 255n]), [a, b]],
  [
    'under dirty upper bytes',
    `0x12345678${'f'.repeat(24)}${a.slice(2)}${'0'.repeat(23)}1${b.slice(2)}`,
    [a, b],
  ],
  [
    'inside a list',
    calls.encodeFunctionData('pay', [[[a, 2n ** 200n]]]),
    // A number, seen from between the words, has what follows it behind it.
    [...['20', '2000000000', `20${'0'.repeat(16)}`, `20${'0'.repeat(24)}`, `20${'0'.repeat(32)}`].map(number)]
      .concat(['1', '100000000', `1${'0'.repeat(16)}`, `1${'0'.repeat(24)}`].map(number))
      .concat(number(`1${'0'.repeat(24)}abababab`), a),
  ],
  ['once, however often', calls.encodeFunctionData('transferFrom', [a, a, 0n]), [a]],
  ['of a call without arguments', calls.encodeFunctionData('pause'), []],
  ['of nothing', '0x', []],
  ['of a word that is cut off', `0x12345678${'0'.repeat(24)}${'ab'.repeat(10)}`, []],
  [
    'of an inner word, but not under dirty upper bytes',
    `0x12345678${'9'.repeat(8)}${'0'.repeat(24)}${a.slice(2)}1${'0'.repeat(23)}${b.slice(2)}${'9'.repeat(56)}`,
    [number(a.slice(2, 34)), a, number(b.slice(2, 34)), `0x${'9'.repeat(40)}`],
  ],
])('finds the addresses %s', (_, data, addresses) => {
  expect(namedAddresses(data)).toEqual(addresses);
  expect(namedAddresses(data.toUpperCase().replace('0X', '0x'))).toEqual(addresses);
});

describe('inside calls that are arguments of a call', () => {
  const inner = calls.encodeFunctionData('transferFrom', [a, b, 10n ** 18n]);
  const execute = (call: string) => calls.encodeFunctionData('execute', [`0x${'77'.repeat(20)}`, 0n, call]);
  const multicall = (...all: string[]) => calls.encodeFunctionData('multicall', [all]);
  const deep = Array.from({ length: 9 }).reduce<string>((call) => execute(call), inner);

  it.each([
    ['one that is executed', execute(inner)],
    ['each of several', multicall(inner, execute(inner))],
    ['the last of several', multicall(calls.encodeFunctionData('pause'), inner)],
    ['one that is executed by one of several', multicall(execute(multicall(inner)))],
    ['one that lies nine deep', deep],
  ])('finds the addresses of %s', (_, data) => {
    expect(namedAddresses(data)).toEqual(expect.arrayContaining([a, b]));
  });

  it('names no more than may be asked about in one question, whatever the call data is', () => {
    const digits = (nth: number) => (0x1000_0000 + nth).toString(16);
    const numbers = Array.from({ length: MOST_BYTES / 32 }, (_, nth) => digits(nth).padStart(64, '0')).join(
      '',
    );
    const packed = Array.from({ length: MOST_BYTES / 4 }, (_, nth) => digits(nth)).join('');
    const mixed = `${'9'.repeat(8)}${numbers}`.slice(0, MOST_BYTES * 2);
    for (const body of [numbers, packed, mixed])
      expect(namedAddresses(`0x12345678${body}`).length).toBeLessThanOrEqual(12_288);
  });
});

function number(digits: string): string {
  return `0x${digits.padStart(40, '0')}`;
}
