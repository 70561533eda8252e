import { describe, expect, it } from 'vitest';
import { isCount, isHashHex, parseCount } from './encodings.ts';

describe('a hash in hexadecimal digits', () => {
  it('has 64 of them, in small letters', () => {
    expect(isHashHex('0123456789abcdef'.repeat(4))).toBe(true);
  });

  it.each(['', 'ab'.repeat(31), 'ab'.repeat(33), 'AB'.repeat(32), 'xy'.repeat(32), `${'ab'.repeat(32)}\n`])(
    'is not %j',
    (text) => {
      expect(isHashHex(text)).toBe(false);
    },
  );
});

describe('a count', () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])('may be %d, and is read as it is written', (count) => {
    expect(isCount(count)).toBe(true);
    expect(parseCount(String(count))).toBe(count);
  });

  it.each([-0, -1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1, '1', null, undefined])(
    'is not %s',
    (value) => {
      expect(isCount(value)).toBe(false);
    },
  );

  it.each(['', '-0', '-1', '01', '1.5', '1e3', ' 1', '9007199254740992'])('is not read from %j', (text) => {
    expect(parseCount(text)).toBeNull();
  });
});
