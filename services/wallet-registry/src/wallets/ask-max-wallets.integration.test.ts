import { ROUTES } from '@ironforge/contracts';
import { expect, test } from 'vitest';
import { CHAIN, newAddress, somebody, startTestRegistry } from '../registry.fixture.ts';

test('while identity does not answer nobody is asked to approve a wallet that cannot be registered', async () => {
  await using registry = await startTestRegistry();
  registry.rules.mustWait = true;
  registry.plan.isDown = true;
  const body = { chainId: CHAIN, name: 'w', type: 'hot' as const, address: newAddress(), tags: ['payroll'] };
  expect(await registry.ask(ROUTES.createWallet, somebody(), { body })).toMatchObject({ status: 503 });
  expect(registry.rules.asked).toEqual([]);
});

test('while identity does not answer no wallet is registered, and later it works with the same key', async () => {
  await using registry = await startTestRegistry();
  const caller = somebody();
  const body = { chainId: CHAIN, name: 'w', type: 'hot' as const, address: newAddress() };
  const create = () =>
    registry.ask(ROUTES.createWallet, caller, { body, headers: { 'idempotency-key': 'k' } });
  registry.plan.isDown = true;
  expect(await create()).toMatchObject({ status: 503, code: 'dependency_down' });
  expect(await registry.database.query('SELECT id FROM wallets')).toEqual([]);
  registry.plan.isDown = false;
  expect((await create()).status).toBe(201);
});
