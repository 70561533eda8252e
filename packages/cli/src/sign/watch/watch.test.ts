import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Api } from '../../api/client.ts';
import { trouble } from '../../trouble.ts';
import { openJournal } from '../journal.ts';
import { taskOf } from './task.fixture.ts';
import { watch } from './watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'watch-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('asks nothing more of a signer that does not answer, and goes on for the others, also after a no', async () => {
  const stop = new AbortController();
  const [searched, taken]: [unknown[], string[]] = [[], []];
  const call = async (_route: object, { params, query }: { params?: { id: string }; query?: object }) => {
    if (params === undefined) return page(query);
    taken.push(params.id);
    throw trouble(params.id.startsWith('a') ? 'signer_silent' : 'failed', 'not signed');
  };
  const page = (query: object | undefined) => {
    searched.push(query);
    if (searched.length > 1) stop.abort();
    const tasks = [taskOf('a', 1), taskOf('a', 2), taskOf('b', 1), taskOf('b', 2)];
    return { data: searched.length > 1 ? [] : tasks, nextCursor: null };
  };
  const sign = () => Promise.reject(new Error('nothing gets that far'));
  await watch({
    ...{ api: { call } as unknown as Api, rules: null, journal: openJournal(folder), stop: stop.signal },
    signers: ['a', 'b'].map((address) => ({ address, sign })),
    ...{ tell: () => undefined, chance: () => 0, clock: () => new Date() },
  });
  expect(taken.toSorted()).toEqual(['a1', 'b1', 'b2']);
  expect(searched).toMatchObject([
    { address: 'a,b', wait: 30 },
    { address: 'b', wait: 5 },
  ]);
});
