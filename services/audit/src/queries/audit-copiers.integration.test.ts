import { randomUUID } from 'node:crypto';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { holdCopier, releaseCopier } from './audit-copiers.ts';

const [ANN, BEN, CEM] = [randomUUID(), randomUUID(), randomUUID()];

it('of those who would copy into a database one does, until he gives it back or his lease has ended', async () => {
  await using database = await createTestDatabase();
  await using store = createStore({ url: database.url, log: createCollectingLogger() });
  const scope = store.system('audit_copier');
  const ask = (holder: string, name = 'ledger') =>
    scope.transaction((tx) => holdCopier(tx, { database: name, holder, leaseMs: 60_000 }));
  const giveBack = (holder: string) =>
    scope.transaction((tx) => releaseCopier(tx, { database: 'ledger', holder }));

  const answers = await Promise.all([ANN, BEN, CEM].map((holder) => ask(holder)));
  expect(answers.filter((holds) => holds)).toHaveLength(1);
  const leader = [ANN, BEN, CEM][answers.indexOf(true)] ?? '';
  const [other = '', third = ''] = [ANN, BEN, CEM].filter((one) => one !== leader);
  expect(await ask(leader)).toBe(true);
  expect(await ask(other, 'another ledger')).toBe(true);
  await giveBack(other);
  expect(await ask(other)).toBe(false);
  await giveBack(leader);
  expect(await ask(other)).toBe(true);
  await database.query(`UPDATE audit_copiers SET lease_expires_at = now() - INTERVAL '1 second'`);
  expect(await ask(third)).toBe(true);
  expect(await ask(other)).toBe(false);
});
