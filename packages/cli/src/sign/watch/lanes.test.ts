import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Task } from './find-tasks.ts';
import { createLanes } from './lanes.ts';
import { taskOf } from './task.fixture.ts';

const STOP = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('lanes', () => {
  it('take the tasks of one address in their order, beside those of the others', async () => {
    const { lanes, log } = logged(async () => true);
    await lanes.take([taskOf('a', 1), taskOf('b', 1), taskOf('a', 2)]);
    expect(log).toEqual(['a1', 'b1', 'a1 done', 'b1 done', 'a2', 'a2 done']);
    expect(lanes.free()).toEqual(['a', 'b']);
  });

  it('are not held up by one that is slow, which gets no more tasks meanwhile', async () => {
    const { lanes, log } = logged(async ({ address }) => {
      if (address === 'a') await wait(60_000);
      return true;
    });
    const taken = lanes.take([taskOf('a', 1), taskOf('b', 1)]);
    await vi.advanceTimersByTimeAsync(5_000);
    await taken;
    expect(lanes.free()).toEqual(['b']);
    await lanes.take([taskOf('b', 2)]);
    expect(log).toEqual(['a1', 'b1', 'b1 done', 'b2', 'b2 done']);
    const changed = lanes.change();
    await vi.advanceTimersByTimeAsync(5_000);
    await changed;
    const done = lanes.done();
    await vi.advanceTimersByTimeAsync(50_000);
    await done;
    expect(lanes.free()).toEqual(['a', 'b']);
  });

  it('end where a signer does not answer, and begin again after a while', async () => {
    const { lanes, log } = logged(async ({ address }) => address !== 'a');
    await lanes.take([taskOf('a', 1), taskOf('a', 2), taskOf('b', 1)]);
    expect(log.filter((line) => line.startsWith('a'))).toEqual(['a1', 'a1 done']);
    expect(lanes.free()).toEqual(['b']);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(lanes.free()).toEqual(['a', 'b']);
  });

  it('throw what goes wrong with a task, and are free again', async () => {
    const { lanes } = logged(() => Promise.reject(new Error('no space left')));
    await expect(lanes.take([taskOf('a', 1)])).rejects.toThrow('no space left');
    expect(lanes.free()).toEqual(['a', 'b']);
  });

  it('finish the task in hand and begin no other once they are stopped', async () => {
    const stop = new AbortController();
    const { lanes, log } = logged(async () => {
      stop.abort();
      await wait(1_000);
      return true;
    }, stop.signal);
    await lanes.take([taskOf('a', 1), taskOf('a', 2)]);
    const done = lanes.done();
    await vi.advanceTimersByTimeAsync(1_000);
    await done;
    expect(log).toEqual(['a1', 'a1 done']);
  });
});

function logged(answer: (task: Task) => Promise<boolean>, stop = STOP) {
  const log: string[] = [];
  const takeOne = async (task: Task) => {
    log.push(task.id);
    const isAnswered = await answer(task);
    log.push(`${task.id} done`);
    return isAnswered;
  };
  const lanes = createLanes({ addresses: ['a', 'b'], takeOne, clock: () => new Date(), stop });
  return { lanes, log };
}

/** By the clock of the test. */
function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
