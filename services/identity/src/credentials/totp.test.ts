import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base32, codeOf, provenStep, stepAt } from './totp.ts';

/** The published secret of RFC 6238, appendix B. */
const SECRET = Buffer.from('12345678901234567890');

describe('a code', () => {
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('of second %i is that of RFC 6238, appendix B, in its last six digits', (seconds, code) => {
    expect(codeOf(SECRET, stepAt(seconds * 1000))).toBe(code);
  });

  test.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('of %i steps from now is taken: %s', (distance, isTaken) => {
    const nowMs = 1_700_000_000_000;
    const step = stepAt(nowMs) + distance;
    const proven = provenStep(SECRET, codeOf(SECRET, step), { nowMs, lastStep: 0 });
    expect(proven).toBe(isTaken ? step : null);
  });

  test('never serves twice, nor after a later one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 2 ** 40 }), fc.integer({ min: 0, max: 3 }), (nowMs, ahead) => {
        const lastStep = stepAt(nowMs) + ahead;
        const code = codeOf(SECRET, stepAt(nowMs));
        const proven = provenStep(SECRET, code, { nowMs, lastStep });
        expect(proven === null || proven > lastStep).toBe(true);
      }),
    );
  });
});

test.each([
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('%s in base 32 is %s (RFC 4648, section 10)', (text, encoded) => {
  expect(base32(Buffer.from(text))).toBe(encoded);
});
