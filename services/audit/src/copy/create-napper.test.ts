import { expect, it } from 'vitest';
import { createNapper } from './create-napper.ts';

/** Whether a rest has ended by now. */
async function hasEnded(rest: Promise<void>): Promise<boolean> {
  return await Promise.race([rest.then(() => true), new Promise<boolean>((go) => setImmediate(go, false))]);
}

it('rests until it is woken, and not at all when that was before', async () => {
  const { untilWoken, wake } = createNapper(new AbortController().signal);
  const rest = untilWoken();
  expect(await hasEnded(rest)).toBe(false);
  wake();
  expect(await hasEnded(rest)).toBe(true);
  wake();
  wake();
  expect(await hasEnded(untilWoken())).toBe(true);
  expect(await hasEnded(untilWoken())).toBe(false);
});

it('sleeps on when it is woken, and rests no more once it is stopped', async () => {
  const stop = new AbortController();
  const { sleep, untilWoken, wake } = createNapper(stop.signal);
  const [long, rest] = [sleep(60_000), untilWoken()];
  wake();
  expect([await hasEnded(long), await hasEnded(rest)]).toEqual([false, true]);
  stop.abort();
  expect([await hasEnded(long), await hasEnded(untilWoken()), await hasEnded(sleep(60_000))]).toEqual([
    true,
    true,
    true,
  ]);
});
