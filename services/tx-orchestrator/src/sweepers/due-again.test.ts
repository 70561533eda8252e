import { beforeEach, expect, test } from 'vitest';
import { createDueAgain, type DueAgain } from './due-again.ts';

let now: number;
let due: DueAgain;
beforeEach(() => {
  now = 0;
  due = createDueAgain(10, () => now);
});

/** Those of a round at that time that are due. */
function dueAt(time: number, ...names: readonly string[]): readonly string[] {
  now = time;
  return names.filter((name) => due.isDue(name));
}

test('a name is due a while after it was first asked for, and a while after it was done; one that went is new', () => {
  expect(dueAt(0, 'a', 'b')).toEqual([]);
  due.endRound();
  expect(dueAt(9, 'a', 'b')).toEqual([]);
  due.endRound();
  expect(dueAt(10, 'a')).toEqual(['a']);
  due.done('a');
  due.endRound();
  expect(dueAt(15, 'a', 'b')).toEqual([]);
  due.endRound();
  expect(dueAt(20, 'a', 'b')).toEqual(['a']);
});

test('one that was left out, or that failed, stays due until it is done', () => {
  dueAt(0, 'a', 'b');
  due.endRound();
  expect(dueAt(10, 'a', 'b')).toEqual(['a', 'b']);
  due.done('a');
  due.endRound();
  expect(dueAt(11, 'a', 'b')).toEqual(['b']);
  due.endRound();
  expect(dueAt(12, 'a', 'b')).toEqual(['b']);
});

test('one that is asked for twice in a round and was done between is not due the second time', () => {
  dueAt(0, 'a');
  due.endRound();
  expect(dueAt(10, 'a')).toEqual(['a']);
  due.done('a');
  expect(dueAt(10, 'a')).toEqual([]);
});
