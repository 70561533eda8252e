import { expect, test } from 'vitest';
import { createDueAgain } from './due-again.ts';

test('a name is due a while after it was first asked for, and then as often; one that went is new', () => {
  let now = 0;
  const due = createDueAgain(10, () => now);
  const askAt = (time: number, ...names: readonly string[]) => {
    now = time;
    const answers = names.map((name) => due.isDue(name));
    due.endRound();
    return answers;
  };
  expect(askAt(0, 'a', 'b')).toEqual([false, false]);
  expect(askAt(9, 'a', 'b')).toEqual([false, false]);
  expect(askAt(10, 'a')).toEqual([true]);
  expect(askAt(15, 'a', 'b')).toEqual([false, false]);
  expect(askAt(20, 'a', 'b')).toEqual([true, false]);
});
