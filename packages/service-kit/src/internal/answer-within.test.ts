import { expect, it } from 'vitest';
import { answerByOf, remainingMs } from './answer-within.ts';

it('leaves a part of the time in which an answer is waited for to what comes after the calls that serve it', () => {
  const before = performance.now();
  const answerBy = answerByOf('60000') ?? 0;
  expect(answerBy - before).toBeGreaterThan(47_999);
  expect(answerBy - performance.now()).toBeLessThan(48_001);
});

it.each([undefined, '', 'soon', '-1', '1.5', '1e3', '99999999'])('knows no time by %s', (header) => {
  expect(answerByOf(header)).toBeUndefined();
});

it('ends a call when the first of both is over: its own patience, or what is left for the answer', () => {
  expect(remainingMs(5_000, undefined)).toBe(5_000);
  expect(remainingMs(5_000, performance.now() + 60_000)).toBe(5_000);
  expect(remainingMs(5_000, performance.now() + 4_000)).toBeLessThanOrEqual(4_000);
  expect(remainingMs(5_000, performance.now() - 1)).toBe(0);
});
