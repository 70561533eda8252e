import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { shareAnswer } from './share-answer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A question that stays open until it is answered by hand. */
function play() {
  const questions: PromiseWithResolvers<string>[] = [];
  const ask = shareAnswer(async () => {
    const question = Promise.withResolvers<string>();
    questions.push(question);
    return await question.promise;
  }, 1_000);
  return { questions, ask };
}

it('asks once for all who ask within the time', async () => {
  const { questions, ask } = play();
  const together = [ask(), ask()];
  questions[0]?.resolve('first');
  expect(await Promise.all(together)).toEqual(['first', 'first']);
  vi.advanceTimersByTime(999);
  expect(await ask()).toBe('first');
  vi.advanceTimersByTime(1);
  const later = ask();
  expect(questions).toHaveLength(2);
  questions[1]?.resolve('second');
  expect(await later).toBe('second');
});

it('asks nothing anew while a question is open, however long that takes', async () => {
  const { questions, ask } = play();
  const early = ask();
  vi.advanceTimersByTime(5_000);
  const late = ask();
  expect(questions).toHaveLength(1);
  questions[0]?.resolve('slow');
  expect(await Promise.all([early, late])).toEqual(['slow', 'slow']);
  void ask();
  expect(questions).toHaveLength(2);
});

it('goes by the monotonic clock', async () => {
  const { questions, ask } = play();
  const first = ask();
  questions[0]?.resolve('first');
  await first;
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(1_000);
  void ask();
  expect(questions).toHaveLength(2);
});

it('shares a failure with those who waited for it, and remembers none', async () => {
  const { questions, ask } = play();
  const together = [ask(), ask()];
  questions[0]?.reject(new Error('away'));
  for (const one of together) await expect(one).rejects.toThrow('away');
  void ask();
  expect(questions).toHaveLength(2);
});
