import { expect, it } from 'vitest';
import { ACCOUNT_RULE, ADDRESS_RULE, delayMsAfter } from './throttle.ts';

it.each([
  [4, 0],
  [5, 1_000],
  [6, 2_000],
  [10, 32_000],
  [15, 900_000],
  [1_000_000, 900_000],
])('after %i failures an account waits %i ms', (failures, delayMs) => {
  expect(delayMsAfter(failures, ACCOUNT_RULE)).toBe(delayMs);
});

it('is patient with an address that many people share', () => {
  expect(delayMsAfter(49, ADDRESS_RULE)).toBe(0);
  expect(delayMsAfter(1_000, ADDRESS_RULE)).toBe(300_000);
});
