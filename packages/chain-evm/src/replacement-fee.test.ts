import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replacementFee } from './replacement-fee.ts';

const GWEI = 1_000_000_000n;
const offer = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) => ({
  maxFeePerGas,
  maxPriorityFeePerGas,
});

test.each([
  [
    '12.5 % more of both',
    offer(100n * GWEI, 8n * GWEI),
    offer(GWEI, GWEI),
    offer(112_500_000_000n, 9n * GWEI),
  ],
  ['rounded up', offer(9n, 3n), offer(0n, 0n), offer(11n, 4n)],
  ['what is usual now, where that is more', offer(10n, 1n), offer(50n, 20n), offer(50n, 20n)],
  ['each fee by itself', offer(100n, 1n), offer(50n, 20n), offer(113n, 20n)],
  ['one more than nothing', offer(0n, 0n), offer(0n, 0n), offer(1n, 1n)],
])('a replacement offers %s', (_what, signed, usual, expected) => {
  expect(replacementFee(signed, usual)).toEqual(expected);
});

test('every node takes it: both fees rise by an eighth at least, and the tip stays within the whole', () => {
  const fee = fc.bigInt({ min: 0n, max: 10n ** 15n });
  fc.assert(
    fc.property(fee, fee, fee, fee, (whole, tip, usualWhole, usualTip) => {
      const signed = offer(whole > tip ? whole : tip, tip);
      const next = replacementFee(signed, offer(usualWhole, usualTip));
      expect(next.maxFeePerGas * 8n).toBeGreaterThanOrEqual(signed.maxFeePerGas * 9n);
      expect(next.maxPriorityFeePerGas * 8n).toBeGreaterThanOrEqual(signed.maxPriorityFeePerGas * 9n);
      expect(next.maxFeePerGas).toBeGreaterThanOrEqual(next.maxPriorityFeePerGas);
    }),
  );
});
