import { randomUUID } from 'node:crypto';
import { type ReplyOf, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callAs, person, postAs } from '../callers.fixture.ts';
import { ALICE, BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

describe('a backfill', () => {
  it('finds every transfer from before, once each, beside live ones and over a restart', async () => {
    const token = await world.deployToken({ feePercent: 10 });
    const hashes: string[] = [];
    for (let count = 1; count <= 20; count++) {
      hashes.push(await world.transfer(ALICE, BOB, 1n), await token.transfer(BOB, 100n));
      await world.anvil.mine(3);
    }
    const first = await world.startWatcher();
    await world.caughtUp();
    await world.watchAsset(token.assetId);
    const walletId = await world.watch(BOB);
    const begun = await postAs(operator(), `${first.url}/v1/wallets/${walletId}/backfills`, {
      fromHeight: 0,
    });
    expect(begun).toMatchObject({ status: 201, body: { fromHeight: 0, toHeight: 61, status: 'running' } });
    hashes.push(await world.transfer(ALICE, BOB, 1n));
    await world.anvil.mine();
    await first[Symbol.asyncDispose]();
    hashes.push(await world.transfer(ALICE, BOB, 1n));
    await world.anvil.mine(2);
    const { url } = await world.startWatcher();
    const done = await waitUntil('the end', async () => {
      const [newest] = await backfills(url, walletId);
      return newest?.status === 'done' && newest;
    });
    expect(done).toMatchObject({ nextHeight: 62, toHeight: 61 });
    await world.caughtUp();
    const rows = await world.database.query('SELECT tx_hash, amount, status FROM transactions');
    expect(rows.map((row) => String(row['tx_hash'])).toSorted()).toEqual(hashes.toSorted());
    const amounts = rows.map((row) => row['amount']);
    expect(new Set(amounts)).toEqual(new Set(['1', '90']));
    await world.hear(
      'chain.deposit_observed',
      ({ txHash, depth }) => txHash === hashes[0] && depth === 'finalized',
    );
  });

  it('runs once at a time for a wallet, and ends where the wallet began to be watched', async () => {
    const { url } = await world.startWatcher();
    await world.anvil.mine(5);
    await world.caughtUp();
    const walletId = await world.watch(BOB);
    const path = `${url}/v1/wallets/${walletId}/backfills`;
    const late = await postAs(operator(), path, { fromHeight: 6 });
    expect(late).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
    world.anvil.freeze();
    expect(await postAs(operator(), path, { fromHeight: 0 })).toMatchObject({ status: 201 });
    const again = await postAs(operator(), path, { fromHeight: 0 });
    expect(again).toMatchObject({ status: 409, body: { code: 'backfill_running' } });
    world.anvil.resume();
    const stranger = person(world.tenantId, randomUUID(), 'wallets:write');
    expect(await postAs(stranger, path, { fromHeight: 0 })).toMatchObject({ status: 404 });
    await waitUntil('its end', async () => (await backfills(url, walletId))[0]?.status === 'done');
  });
});

type Backfills = ReplyOf<typeof ROUTES.listBackfills>['data'];

async function backfills(url: string, walletId: string): Promise<Backfills> {
  const { body } = await callAs(operator(), `${url}/v1/wallets/${walletId}/backfills`);
  return ROUTES.listBackfills.reply.parse(body).data;
}

function operator() {
  return person(world.tenantId, randomUUID(), 'wallets:read', 'wallets:read_all', 'wallets:write');
}
