import { Interface } from 'ethers';
import { expect, it } from 'vitest';
import { namedAddresses } from './named-addresses.ts';

const a = `0x${'aB'.repeat(20)}`.toLowerCase();
const b = `0x${'12'.repeat(20)}`;
const calls = new Interface([
  'function transferFrom(address,address,uint256)',
  'function pay((address,uint256)[])',
  'function pause()',
]);

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
    [`0x${'20'.padStart(40, '0')}`, `0x${'1'.padStart(40, '0')}`, a],
  ],
  ['once, however often', calls.encodeFunctionData('transferFrom', [a, a, 0n]), [a]],
  ['of a call without arguments', calls.encodeFunctionData('pause'), []],
  ['of nothing', '0x', []],
  ['of a word that is cut off', `0x12345678${'0'.repeat(24)}${'ab'.repeat(10)}`, []],
])('finds the addresses %s', (_, data, addresses) => {
  expect(namedAddresses(data)).toEqual(addresses);
  expect(namedAddresses(data.toUpperCase().replace('0X', '0x'))).toEqual(addresses);
});
