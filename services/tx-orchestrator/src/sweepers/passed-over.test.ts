import { expect, test } from 'vitest';
import { createPassedOver } from './passed-over.ts';

test('a place is left out for longer each time that it fails, up to a limit, and no longer once it succeeds', () => {
  let now = 0;
  const passedOver = createPassedOver(() => now);
  const leftOutFor = () => {
    passedOver.failed('a', 3_000);
    const failedAt = now;
    while (passedOver.has('a')) now += 500;
    return now - failedAt;
  };
  expect([leftOutFor(), leftOutFor(), leftOutFor(), leftOutFor()]).toEqual([1_000, 2_000, 3_000, 3_000]);
  passedOver.succeeded('a');
  expect(leftOutFor()).toBe(1_000);
});

test('only what is left out now is named', () => {
  let now = 0;
  const passedOver = createPassedOver(() => now);
  passedOver.failed('a', 1_000);
  now = 600;
  passedOver.failed('b', 1_000);
  expect(passedOver.names()).toEqual(['a', 'b']);
  now = 1_000;
  expect(passedOver.names()).toEqual(['b']);
});
