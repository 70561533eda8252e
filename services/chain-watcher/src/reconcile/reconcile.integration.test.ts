import { randomUUID } from 'node:crypto';
import { type Difference, ROUTES } from '@ironforge/contracts';
import { branded } from '@ironforge/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAs, person } from '../callers.fixture.ts';
import { ALICE, BOB, CAROL, ETHER } from '../chain-play.fixture.ts';
import { NATIVE } from '../watcher.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let url: string;
let walletId: string;
let first: number;

/** Blocks 1 to 4 above the first: a payment that we were told to send, two deposits, a payment that nobody told us of. */
beforeAll(async () => {
  world = await startWorld();
  url = (await world.startWatcher()).url;
  await world.watch(ALICE);
  walletId = await world.watch(BOB);
  first = Number(await world.anvil.rpc('eth_blockNumber')) + 1;
  const { raw, txHash } = await world.sign({ from: ALICE, to: CAROL, value: '0x1', nonce: '0x0' });
  const { requestId } = await world.broadcast({ address: ALICE, nonce: 0, raw, txHash });
  await world.hear('chain.tx_accepted', (data) => data.requestId === requestId);
  await world.anvil.mine();
  for (const amount of [5n, 6n]) {
    await world.transfer(CAROL, BOB, amount);
    await world.anvil.mine();
  }
  await world.transfer(ALICE, CAROL, 2n);
  await world.anvil.mine(3);
  await world.caughtUp();
});
afterAll(() => world[Symbol.asyncDispose]());

const OUTSIDE = 'unknown_transaction 3';

it('names only what a wallet sent without us when nothing else differs, and tells what wallets sent', async () => {
  const { differences, sent, to, head } = await compare();
  expect(named(differences)).toEqual([OUTSIDE]);
  expect(sent.map(({ from, nonce, value }) => [from, nonce, value])).toEqual([
    [ALICE, 0, '1'],
    [ALICE, 1, '2'],
  ]);
  expect(to).toBe(head);
});

it.each([
  ['a deposit that was forgotten', `DELETE FROM transactions WHERE amount = 5`, ['missing_transfer 1']],
  [
    'a deposit that the chain does not have',
    `UPDATE transactions SET transfer_index = 7 WHERE amount = 6`,
    ['missing_transfer 2', 'transfer_not_on_chain 2'],
  ],
  ['a wrong amount', `UPDATE transactions SET amount = 7 WHERE amount = 5`, ['wrong_amount 1']],
  [
    'another asset',
    `UPDATE transactions SET asset_id = 'eip155:31337/erc20:0x0' WHERE amount = 5`,
    ['wrong_transfer 1'],
  ],
  [
    'another sender',
    `UPDATE transactions SET from_address = to_address WHERE amount = 6`,
    ['wrong_transfer 2'],
  ],
  ['a wrong block', `UPDATE transactions SET block_hash = '0xff' WHERE amount = 6`, ['wrong_block 2']],
  ['a nonce forgotten', `DELETE FROM spent_nonces WHERE nonce = 1`, ['missing_nonce 3']],
  [
    'a nonce that nothing spent',
    `UPDATE spent_nonces SET nonce = 9 WHERE nonce = 1`,
    ['missing_nonce 3', 'nonce_not_on_chain 3'],
  ],
  [
    'a nonce with another outcome',
    `UPDATE spent_nonces SET success = false WHERE nonce = 0`,
    ['wrong_nonce 0'],
  ],
  ['a winner that reverted', `UPDATE watches SET winner_success = false`, ['wrong_winner 0']],
  [
    'another block',
    `UPDATE chain_blocks SET hash = '0xff' WHERE height = (SELECT min(block_height) FROM transactions)`,
    ['wrong_block_hash 0'],
  ],
])('names %s', async (_, plant, expected) => {
  const tables = ['transactions', 'spent_nonces', 'watches', 'chain_blocks'];
  for (const table of tables) await world.database.query(`CREATE TABLE kept_${table} AS TABLE ${table}`);
  await world.database.query(plant);
  const { differences } = await compare();
  for (const table of tables) {
    await world.database.query(`DELETE FROM ${table}`);
    await world.database.query(`INSERT INTO ${table} TABLE kept_${table}`);
    await world.database.query(`DROP TABLE kept_${table}`);
  }
  expect(named(differences).filter((one) => one !== OUTSIDE)).toEqual(expected);
});

it('names a cursor above the head of the node', async () => {
  await world.database.query('UPDATE chain_cursors SET height = height + 100');
  const { head } = await compare();
  const { differences } = await compare(head);
  await world.database.query('UPDATE chain_cursors SET height = height - 100');
  expect(differences.map(({ kind }) => kind)).toEqual(['cursor_ahead']);
});

const path = (from: number) => `/v1/chains/reconciliation?chainId=${world.anvil.chainId}&from=${from}`;

it('shows nobody anything without the right to audit', async () => {
  const reader = person(world.tenantId, randomUUID(), 'wallets:read');
  expect((await callAs(reader, `${url}${path(first)}`)).status).toBe(403);
});

describe.each([
  ['with both walls', []],
  [
    'with row-level security off',
    ['backfills', 'spent_nonces', 'transactions', 'watch_attempts', 'watched_addresses', 'watches'],
  ],
])('%s', (_what, open: readonly string[]) => {
  const turn = async (way: 'DISABLE' | 'ENABLE') => {
    for (const table of open) await world.database.query(`ALTER TABLE ${table} ${way} ROW LEVEL SECURITY`);
  };
  beforeAll(async () => {
    await world.database.query(
      `INSERT INTO backfills (id, tenant_id, wallet_id, user_id, chain_id, address, from_height, to_height, next_height, status)
      SELECT $1, tenant_id, wallet_id, user_id, chain_id, address, 0, 100, 100, 'done' FROM watched_addresses WHERE wallet_id = $2`,
      [randomUUID(), walletId],
    );
    await turn('DISABLE');
  });
  afterAll(async () => {
    await turn('ENABLE');
    await world.database.query('DELETE FROM backfills');
  });

  it('shows a tenant nothing of another', async () => {
    const stranger = branded<typeof world.tenantId>(randomUUID());
    const auditors = person(stranger, randomUUID(), 'audit:read');
    const { body } = await callAs(auditors, `${url}${path(first)}`);
    const { differences, sent, to, head } = ROUTES.reconcileChain.reply.parse(body);
    expect({ differences, sent, to }).toEqual({ differences: [], sent: [], to: head });
  });
});

it('reads what a wallet holds anew', async () => {
  const { body } = await callAs(auditor(), `${url}/v1/wallets/${walletId}/balances-on-chain`);
  const { data } = ROUTES.getBalancesOnChain.reply.parse(body);
  expect(data).toEqual([{ assetId: NATIVE, amount: (10_000n * ETHER + 11n).toString() }]);
});

function auditor() {
  return person(world.tenantId, randomUUID(), 'audit:read');
}

async function compare(from = first) {
  return ROUTES.reconcileChain.reply.parse((await callAs(auditor(), `${url}${path(from)}`)).body);
}

/** Each difference with its block, counted from the first. */
function named(differences: readonly Difference[]): string[] {
  return differences.map(({ kind, height }) => `${kind} ${height - first}`).toSorted();
}
