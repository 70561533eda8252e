import { expect, it } from 'vitest';
import { createGathering } from './gathering.ts';

function startGathering() {
  const batches: string[][] = [];
  const ends: (() => void)[] = [];
  const gathering = createGathering<string>({
    maxTogether: 2,
    together: async (batch) => {
      batches.push([...batch]);
      await new Promise<void>((resolve) => ends.push(resolve));
    },
  });
  return { ...gathering, batches, ends };
}

async function afterMicrotasks(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await Promise.resolve();
}

it('begins with the first at once, and takes those that came meanwhile together, so many at a time', async () => {
  const { add, batches, ends } = startGathering();
  for (const one of ['a', 'b', 'c', 'd']) add('x', one);
  expect(batches).toEqual([['a']]);
  ends[0]?.();
  await afterMicrotasks(5);
  expect(batches).toEqual([['a'], ['b', 'c']]);
  ends[1]?.();
  await afterMicrotasks(5);
  expect(batches).toEqual([['a'], ['b', 'c'], ['d']]);
});

it('keeps names apart', () => {
  const { add, batches } = startGathering();
  add('x', 'a');
  add('y', 'b');
  expect(batches).toEqual([['a'], ['b']]);
});

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  'loses nobody who comes %i turns after a batch has ended, when nobody else waits',
  async (turns) => {
    const { add, batches, ends } = startGathering();
    add('x', 'a');
    ends[0]?.();
    await afterMicrotasks(turns);
    add('x', 'b');
    await afterMicrotasks(10);
    expect(batches).toEqual([['a'], ['b']]);
  },
);
