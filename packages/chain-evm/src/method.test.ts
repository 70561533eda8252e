import { expect, it } from 'vitest';
import { calledMethod, methodSelector } from './method.ts';

it.each([
  ['a signature', 'transfer(address,uint256)', '0xa9059cbb'],
  ['a signature in short names', 'transfer(address,uint)', '0xa9059cbb'],
  ['a signature with a tuple', 'safe((address,bytes32)[],bool)', '0x01915d8c'],
  ['a selector in any case', '0xA9059CBB', '0xa9059cbb'],
  ['an unknown type', 'transfer(addres,uint256)', null],
  ['an open parenthesis', 'transfer(address', null],
  ['a selector that is too short', '0xa9059c', null],
])('reads %s: %s', (_, text, selector) => {
  expect(methodSelector(text)).toBe(selector);
});

it('takes the first four bytes of call data, and nothing from fewer', () => {
  expect(calledMethod('0xA9059CBB0000')).toBe('0xa9059cbb');
  expect(calledMethod('0xa9059cbb')).toBe('0xa9059cbb');
  expect(calledMethod('0xa9059c')).toBeNull();
});
