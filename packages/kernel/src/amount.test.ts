import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUnits, MAX_UNITS, parseUnits } from './amount.ts';

describe('parseUnits', () => {
  it.each([
    '',
    '-1',
    '+1',
    '1.0',
    '01',
    '1e3',
    ' 1',
    '1 ',
    '0x1',
    (MAX_UNITS + 1n).toString(),
    '1'.repeat(79),
  ])('refuses %j', (text) => {
    expect(parseUnits(text)).toBeNull();
  });

  it('reads every amount from 0 to 2^256 - 1 back from its text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_UNITS }), (units) => {
        expect(parseUnits(units.toString())).toBe(units);
      }),
    );
    expect(parseUnits(MAX_UNITS.toString())).toBe(MAX_UNITS);
  });
});

describe('formatUnits', () => {
  it.each([
    [0n, 18, '0'],
    [1n, 18, '0.000000000000000001'],
    [1_500_000n, 6, '1.5'],
    [10n ** 18n, 18, '1'],
    [42n, 0, '42'],
    [-5n, 1, '-0.5'],
  ])('writes %s with %s decimals as %s', (units, decimals, text) => {
    expect(formatUnits(units, decimals)).toBe(text);
  });
});
