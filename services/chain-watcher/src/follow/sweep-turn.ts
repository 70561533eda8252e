import { depthOf } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { causeOfChain } from '../messages.ts';
import { explain, forgetOldMarks, type HeldAmount, insertMarks } from '../queries/balance-marks.ts';
import {
  abandonSweep,
  advanceSweep,
  findSweep,
  finishSweep,
  openSweep,
  type OpenSweep,
} from '../queries/balance-sweeps.ts';
import { type CursorState, holdCursor } from '../queries/chain-cursors.ts';
import { upsertTransactions } from '../queries/transactions.ts';
import { listSweptAddresses, type WatchedAddress } from '../queries/watched-addresses.ts';
import { listAssetsOfTenants } from '../queries/watched-assets.ts';
import { type Readings, readBalances } from './balances.ts';
import { isOurs } from './is-ours.ts';
import { distinctPlaces, holdingKey, placeOf, type Touched } from './plan-block.ts';
import { planDifferences, toMark } from './plan-differences.ts';

/** So many wallets are looked at in one turn, so that no turn takes long. */
const WALLETS_PER_TURN = 100;
const EVERY_MS = 600_000;

/**
 * One turn of the sweep: the balances of the next hundred wallets, all as they were right after one block, against what
 * their transfers explain; a difference is booked. What a turn found is one transaction with its place in the list, so a
 * restart goes on there. True when there is more to do.
 */
export async function sweepTurn(deps: WatcherDeps, chain: Chain, cursor: CursorState): Promise<boolean> {
  const sweep = await findOpen(deps, chain, cursor);
  if (sweep === undefined) return false;
  const touched = await listNext(deps, chain, sweep);
  const last = touched.at(-1);
  if (last === undefined) {
    await system(deps).transaction((tx) => finishSweep(tx, sweep), READ_COMMITTED);
    return false;
  }
  const readings = await readBalances(chain, sweep.hash, touched);
  const held = touched.flatMap((holding) => {
    const amount = readings.get(holdingKey(holding));
    return amount === undefined ? [] : [{ ...holding, amount }];
  });
  sayLeftOut(deps, sweep, { touched, readings });
  return await system(deps).transaction(
    (tx) => write(deps, tx, { chain, sweep, last, held }),
    READ_COMMITTED,
  );
}

/** They are looked at again by the next sweep, against the same marks. */
function sayLeftOut(
  { log }: WatcherDeps,
  { chainId, height }: OpenSweep,
  { touched, readings }: { readonly touched: readonly Touched[]; readonly readings: Readings },
): void {
  const unread = touched.filter((holding) => !readings.has(holdingKey(holding)));
  if (unread.length === 0 || readings.size === 0) return;
  const assetIds = [...new Set(unread.map(({ asset_id }) => asset_id))].slice(0, SAID);
  const fields = { chainId, height, balances: unread.length, assetIds };
  log.warn(fields, 'a sweep leaves out balances that the node would not tell');
}

/** So many assets are named at most. */
const SAID = 10;

async function findOpen(
  deps: WatcherDeps,
  { config }: Chain,
  cursor: CursorState,
): Promise<OpenSweep | undefined> {
  const every = config.sweepBlocks ?? Math.ceil(EVERY_MS / config.blockTimeMs);
  return await system(deps).transaction(async (tx) => {
    const known = await findSweep(tx, cursor.chainId);
    if (known !== undefined && 'hash' in known) return known;
    const last = known?.lastHeight ?? null;
    if (last !== null && cursor.height < last + every) return undefined;
    await openSweep(tx, cursor);
    const opened = await findSweep(tx, cursor.chainId);
    return opened !== undefined && 'hash' in opened ? opened : undefined;
  }, READ_COMMITTED);
}

async function listNext(deps: WatcherDeps, { config }: Chain, sweep: OpenSweep): Promise<Touched[]> {
  const { chainId, nativeAssetId } = config;
  return await system(deps).transaction(async (tx) => {
    const wallets = await listSweptAddresses(tx, sweep, WALLETS_PER_TURN);
    const tenantIds = [...new Set(wallets.map(({ tenant_id }) => tenant_id))];
    const assets = await listAssetsOfTenants(tx, chainId, tenantIds);
    const byTenant = Map.groupBy(assets, ({ tenant_id }) => tenant_id);
    return wallets.flatMap((wallet) => {
      const tokens = (byTenant.get(wallet.tenant_id) ?? []).map(({ asset_id }) => asset_id);
      return [nativeAssetId, ...tokens].map((asset_id) => holdingOf(wallet, asset_id));
    });
  }, READ_COMMITTED);
}

function holdingOf({ tenant_id, wallet_id, address }: WatchedAddress, asset_id: string): Touched {
  return { tenant_id, wallet_id, address, asset_id };
}

interface Swept {
  readonly chain: Chain;
  readonly sweep: OpenSweep;
  /** Behind it the next turn goes on. */
  readonly last: Touched;
  /** Without those that the node would not tell; empty when no node has the state of the block any more. */
  readonly held: readonly HeldAmount[];
}

/** The cursor is held, so that neither a block comes nor one is undone between what is compared. */
async function write(deps: WatcherDeps, tx: Tx, { chain, sweep, last, held }: Swept): Promise<boolean> {
  const cursor = await holdCursor(tx, sweep.chainId);
  if (cursor === undefined || held.length === 0 || !(await isOurs(tx, cursor, sweep))) {
    const { chainId, height } = sweep;
    deps.log.warn({ chainId, height }, 'a sweep leaves its block, and goes on at a newer one');
    await abandonSweep(tx, sweep);
    return false;
  }
  if (!(await advanceSweep(tx, sweep, { tenantId: last.tenant_id, address: last.address }))) return true;
  await book(deps, tx, { chain, sweep, held, cursor });
  const walletIds = [...new Set(held.map(({ wallet_id }) => wallet_id))];
  await forgetOldMarks(tx, walletIds, cursor.finalizedHeight);
  return true;
}

async function book(
  deps: WatcherDeps,
  tx: Tx,
  { chain, sweep, held, cursor }: Omit<Swept, 'last'> & { readonly cursor: CursorState },
): Promise<void> {
  const { chainId, nativeAssetId, confirmations } = chain.config;
  const place = { chainId, nativeAssetId, height: sweep.height };
  const view = { head: cursor.height, finalized: cursor.finalizedHeight };
  const status = depthOf(sweep.height, view, confirmations) === 'included' ? 'pending' : 'confirmed';
  const balances = await explain(tx, place, held);
  const found = planDifferences(balances, {
    ...sweep,
    nativeAssetId,
    status,
    newId: deps.newId,
    now: deps.clock(),
  });
  const rows = await upsertTransactions(tx, found);
  await insertMarks(tx, place, toMark(balances));
  const seen = {
    chainId,
    height: cursor.height,
    finalized: cursor.finalizedHeight,
    cause: causeOfChain(chainId),
  };
  const deposits = rows.filter(({ direction }) => direction === 'in');
  deps.outbox.add(tx, [
    ...deposits.map((row) => deps.messages.depositObserved(seen, row)),
    ...distinctPlaces(rows.map(placeOf)).map((wallet) => deps.messages.readBalances(seen, wallet)),
  ]);
}

const READ_COMMITTED = { isolation: 'read committed' } as const;

function system({ store }: WatcherDeps) {
  return store.system('chain_watcher');
}
