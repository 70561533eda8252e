import { expect, it } from 'vitest';
import { createBackOff } from './back-off.ts';
import { createLeftAlone } from './left-alone.ts';

it('leaves a task alone for longer each time, and says each reason once', () => {
  const tasks = createLeftAlone();
  expect(tasks.leave('a', 'no funds', 0)).toBe(true);
  expect([tasks.has('a', 29_999), tasks.has('a', 30_000), tasks.has('b', 0)]).toEqual([true, false, false]);
  expect(tasks.leave('a', 'no funds', 30_000)).toBe(false);
  expect([tasks.has('a', 89_999), tasks.has('a', 90_000)]).toEqual([true, false]);
  expect(tasks.leave('a', 'no nonce', 90_000)).toBe(true);
  for (let n = 0; n < 20; n++) tasks.leave('a', 'no nonce', 100_000);
  expect([tasks.has('a', 999_999), tasks.has('a', 1_000_000)]).toEqual([true, false]);
});

it('names the newest first, and forgets what is done or long over', () => {
  const tasks = createLeftAlone();
  for (const id of ['a', 'b', 'c']) tasks.leave(id, 'why', 0);
  tasks.leave('a', 'why', 1);
  tasks.forget('b');
  expect(tasks.ids(2)).toEqual(['a', 'c']);
  expect(tasks.ids(31_000)).toEqual(['a']);
  expect(tasks.leave('c', 'why', 40_000)).toBe(false);
  expect(tasks.leave('c', 'why', 5_000_000)).toBe(true);
});

it('waits twice as long each time up to half a minute, at most halved by chance', () => {
  const steady = createBackOff(() => 0);
  expect([1, 2, 3, 4, 5, 6, 7].map(() => steady.next())).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
  steady.reset();
  expect(steady.next()).toBe(1_000);
  expect(createBackOff(() => 1).next()).toBe(500);
});
