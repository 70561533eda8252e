import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBatcher } from './batcher.ts';

function recordingBatcher(limits: { maxBatch?: number; maxWaiting?: number } = {}) {
  const batches: number[][] = [];
  const batcher = createBatcher<number>({
    maxBatch: 10,
    maxWaiting: 100,
    ...limits,
    work: async (batch) => {
      batches.push([...batch]);
      await turn();
    },
  });
  return { batches, batcher };
}

test('the first item goes at once, what comes meanwhile goes together and in order', async () => {
  const { batches, batcher } = recordingBatcher();
  for (const item of [1, 2, 3, 4]) batcher.add([item]);
  await batcher.drained();
  expect(batches).toEqual([[1], [2, 3, 4]]);
});

test('a batch is never larger than allowed', async () => {
  const { batches, batcher } = recordingBatcher({ maxBatch: 2 });
  batcher.add([1, 2, 3, 4, 5]);
  await batcher.drained();
  expect(batches).toEqual([[1, 2], [3, 4], [5]]);
});

test('what does not fit into memory is dropped, since the sweeper finds it', async () => {
  const { batches, batcher } = recordingBatcher({ maxWaiting: 2 });
  batcher.add([1, 2, 3]);
  await batcher.drained();
  expect(batches.flat()).toEqual([1, 2]);
});

test('it starts again after it was empty', async () => {
  const { batches, batcher } = recordingBatcher();
  batcher.add([1]);
  await batcher.drained();
  batcher.add([2]);
  await batcher.drained();
  expect(batches).toEqual([[1], [2]]);
});

test('nothing added to an idle one keeps nothing that comes later', async () => {
  const { batches, batcher } = recordingBatcher();
  batcher.add([1]);
  await batcher.drained();
  batcher.add([]);
  batcher.add([2]);
  await batcher.drained();
  expect(batches).toEqual([[1], [2]]);
});
