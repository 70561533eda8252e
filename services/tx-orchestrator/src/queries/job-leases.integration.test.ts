import { randomUUID } from 'node:crypto';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase } from '@ironforge/testing';
import { expect, test } from 'vitest';
import { holdJobLease } from './job-leases.ts';

const [ANN, BEN, CEM] = [randomUUID(), randomUUID(), randomUUID()];

test('of those who ask at once one leads, and keeps it; another follows when the lease has ended', async () => {
  await using database = await createTestDatabase();
  await using store = createStore({ url: database.url, log: createCollectingLogger() });
  const ask = (holder: string) =>
    store
      .system('request_sweeper')
      .transaction((tx) => holdJobLease(tx, { name: 'sweep', holder, seconds: 60 }));
  const row = async () => (await database.query('SELECT holder, fence FROM job_leases'))[0];

  const answers = await Promise.all([ANN, BEN, CEM].map(ask));
  expect(answers.filter((leads) => leads)).toHaveLength(1);
  const leader = [ANN, BEN, CEM][answers.indexOf(true)] ?? '';
  const [other = ''] = [ANN, BEN, CEM].filter((one) => one !== leader);
  expect(await ask(leader)).toBe(true);
  expect(await ask(other)).toBe(false);
  expect(await row()).toMatchObject({ holder: leader, fence: '1' });

  await database.query(`UPDATE job_leases SET expires_at = now() - INTERVAL '1 second'`);
  expect(await ask(other)).toBe(true);
  expect(await ask(leader)).toBe(false);
  expect(await row()).toMatchObject({ holder: other, fence: '2' });
});
