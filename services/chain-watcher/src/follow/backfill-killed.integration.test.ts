import { randomUUID } from 'node:crypto';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, createRpcProxy, type RpcProxy, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { person, postAs } from '../callers.fixture.ts';
import { ALICE, BOB } from '../chain-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

/** Two turns of a backfill and a piece of a third one. */
const BLOCKS = 36;

let world: World;
let line: RpcProxy;

beforeEach(async () => {
  world = await startWorld(async ({ rpcUrl }) => {
    line = await createRpcProxy(rpcUrl);
    return { rpcUrls: [line.url] };
  });
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await line[Symbol.asyncDispose]();
});

it.each([
  ['reads its second piece of blocks', untilItReads],
  ['writes its second piece of blocks', untilItWrites],
])(
  'a backfill whose process is killed while it %s loses nothing and finds nothing twice',
  async (_, stopAt) => {
    const hashes: string[] = [];
    for (let height = 1; height <= BLOCKS; height++) {
      hashes.push(await world.transfer(ALICE, BOB, BigInt(height)));
      await world.anvil.mine();
    }
    await world.anvil.mine(2);
    await using first = await world.spawnWatcher();
    // The first cursor stands on the newest final block, and nothing is told of blocks below it.
    await world.caughtUp();
    const walletId = await world.watch(BOB);
    const operator = person(
      world.tenantId,
      randomUUID(),
      'wallets:read',
      'wallets:read_all',
      'wallets:write',
    );
    const path = `${first.url}/v1/wallets/${walletId}/backfills`;
    await stopAt(
      async () => void (await postAs(operator, path, { fromHeight: 0 })),
      () => first.kill(),
    );
    expect(await backfill()).toEqual({ status: 'running', next: 16 });
    line.heal();
    await world.startWatcher();
    await waitUntil('its end', async () => (await backfill())['status'] === 'done');
    const rows = await world.database.query('SELECT id, tx_hash FROM transactions WHERE wallet_id = $1', [
      walletId,
    ]);
    expect(rows.map((row) => String(row['tx_hash'])).toSorted()).toEqual(hashes.toSorted());
    await waitUntil('each deposit to be told', () => toldHashes().size === BLOCKS);
    // Heard again it may be, by the same message: what was written to be told is what counts.
    const told = await world.database.query(
      `SELECT body::JSONB->'data'->>'depositId' AS id, body::JSONB->'data'->>'version' AS version FROM outbox
       WHERE routing_key = 'chain.deposit_observed'`,
    );
    expect(new Set(told.map(({ id, version }) => `${String(id)} ${String(version)}`)).size).toBe(told.length);
    expect(new Set(world.all('chain.deposit_observed').map(({ depositId }) => depositId))).toEqual(
      new Set(rows.map(({ id }) => String(id))),
    );
  },
);

type Act = () => Promise<void>;

/** Kills while a block of the second piece has been asked for and not been answered. */
async function untilItReads(begin: Act, kill: Act): Promise<void> {
  const asked = Promise.withResolvers<void>();
  const never = Promise.withResolvers<never>();
  line.interfere(async ({ method, params }, real) => {
    if (method !== 'eth_getBlockByNumber' || Number(params[0]) !== 20) return await real();
    asked.resolve();
    return await never.promise;
  });
  await begin();
  await asked.promise;
  await kill();
}

/** Kills while the second piece is being written: how far it was read is written, what was found there is not. */
async function untilItWrites(begin: Act, kill: Act): Promise<void> {
  const log = createCollectingLogger();
  await using store = createStore({ url: world.database.url, log, pool: { min: 0, max: 1 } });
  await untilItReadsThen(begin, async (goOn) => {
    await store.system('chain_watcher').transaction(async (tx) => {
      await tx.raw('LOCK TABLE transactions IN EXCLUSIVE MODE');
      goOn();
      await waitUntil('the write to wait', async () => {
        const sql = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'transactions'::regclass`;
        return (await world.database.query(sql)).length > 0;
      });
      await kill();
    });
  });
}

async function untilItReadsThen(begin: Act, act: (goOn: () => void) => Promise<void>): Promise<void> {
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  line.interfere(async ({ method, params }, real) => {
    if (method !== 'eth_getBlockByNumber' || Number(params[0]) !== 20) return await real();
    asked.resolve();
    await gate.promise;
    return await real();
  });
  await begin();
  await asked.promise;
  await act(gate.resolve);
}

async function backfill(): Promise<Record<string, unknown>> {
  const [row] = await world.database.query('SELECT status, next_height::INT4 AS next FROM backfills');
  return { ...row };
}

function toldHashes(): Set<string | null> {
  return new Set(world.all('chain.deposit_observed').map(({ txHash }) => txHash));
}
