import { describe, expect, it } from 'vitest';
import { runUntil } from './run-until.ts';

describe('a stack that runs', () => {
  it('is told, runs until the signal is raised, and is stopped', async () => {
    const ended = new AbortController();
    const { told, running } = recorded(async () => ended.abort());
    await runUntil(ended.signal, running);
    expect(told).toEqual(['ready', 'Stopping', 'stopped']);
  });

  it('is stopped also when nobody can be told that it is ready', async () => {
    const { told, running } = recorded(() => Promise.reject(new Error('no space left on device')));
    await expect(runUntil(new AbortController().signal, running)).rejects.toThrow('no space left');
    expect(told).toEqual(['ready', 'stopped']);
  });
});

function recorded(ready: () => Promise<void>) {
  const told: string[] = [];
  const running = {
    stack: { stop: async () => void told.push('stopped') },
    ready: async () => {
      told.push('ready');
      await ready();
    },
    say: (line: string) => void told.push(line),
  };
  return { told, running };
}
