import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callAs, person, postAs } from '../callers.fixture.ts';
import { ALICE, BOB, CAROL } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let url: string;

/** BOB's older transfers come of a backfill, in the first block and the second; a contract's payment of a sweep. */
beforeAll(async () => {
  world = await startWorld({ sweepBlocks: 2 });
  for (const amount of [5n, 6n]) {
    await world.transfer(ALICE, BOB, amount);
    await world.anvil.mine();
  }
  await world.transfer(BOB, CAROL, 1n);
  await world.anvil.mine(40);
  url = (await world.startWatcher()).url;
  await world.caughtUp();
  const walletId = await world.watch(BOB);
  await world.readBalances({ walletId, address: BOB });
  await world.hear('wallet.balance_observed', () => true);
  const may = person(world.tenantId, randomUUID(), 'wallets:read', 'wallets:read_all', 'wallets:write');
  await postAs(may, `${url}/v1/wallets/${walletId}/backfills`, { fromHeight: 1 });
  await waitUntil('the backfill', async () => {
    const rows = await world.database.query('SELECT status FROM backfills');
    return rows[0]?.['status'] === 'done';
  });
  await world.payThrough(BOB, 9n);
  await world.anvil.mine(6);
  await world.hear('chain.deposit_observed', ({ kind }) => kind === 'internal');
  await world.caughtUp();
});
afterAll(() => world[Symbol.asyncDispose]());

it('what a backfill and a sweep found is no difference', async () => {
  const kinds = await world.database.query('SELECT kind, direction FROM transactions ORDER BY block_height');
  expect(kinds.map(({ kind, direction }) => `${String(kind)} ${String(direction)}`)).toEqual([
    'transfer in',
    'transfer in',
    'transfer out',
    'internal in',
  ]);
  expect(await differences()).toEqual([]);
});

it('a transfer that a backfill should have found and that is not there is one, and one with another amount', async () => {
  await world.database.query('DELETE FROM transactions WHERE amount = 5');
  await world.database.query('UPDATE transactions SET amount = 7 WHERE amount = 6');
  expect(await differences()).toEqual(['missing_transfer 1', 'wrong_amount 2']);
});

async function differences(): Promise<string[]> {
  const auditor = person(world.tenantId, randomUUID(), 'audit:read');
  const path = `/v1/chains/reconciliation?chainId=${world.anvil.chainId}&from=0`;
  const { body } = await callAs(auditor, `${url}${path}`);
  return ROUTES.reconcileChain.reply.parse(body).differences.map(({ kind, height }) => `${kind} ${height}`);
}
