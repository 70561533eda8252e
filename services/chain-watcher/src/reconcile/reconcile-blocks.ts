import type { Block } from '@ironforge/chain-core';
import { appError, type Difference } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { findCursor } from '../queries/chain-cursors.ts';
import {
  type BlockRange,
  listBackfilled,
  listBlockHashes,
  listStoredNonces,
  listStoredTransactions,
  listStoredWatches,
  listWatchedSince,
} from '../queries/stored-blocks.ts';
import { listTenantAttempts } from '../queries/watch-attempts.ts';
import { listTenantAssets } from '../queries/watched-assets.ts';
import { planTransactions } from '../follow/plan-block.ts';
import { compareBlock, type StoredBlock, type Told } from './compare.ts';

/** So many blocks of a chain from one on, for a tenant. */
export interface BlocksWanted {
  readonly tenantId: TenantId;
  readonly chainId: string;
  readonly from: number;
  readonly count: number;
}

/** Reads blocks anew, when nobody else has more hurry, compares them with what is stored of them, and tells what they hold of the tenant's wallets. */
export async function reconcileBlocks(deps: WatcherDeps, { tenantId, chainId, from, count }: BlocksWanted) {
  const chain = deps.chains.get(chainId);
  const head = await headOf(deps, chainId);
  const blocks = await chain.unhurried.blocksFrom(from, Math.max(1, Math.min(count, head - from + 1)));
  const followed = blocks.filter(({ height }) => height <= head);
  const last = followed.at(-1);
  const range = { tenantId, chainId, from, to: last?.height ?? from - 1 };
  const whole = await read(deps, chain, { range, blocks: followed });
  const ahead = from <= head && followed.length === 0 ? [cursorAhead(from, head)] : [];
  return {
    from,
    to: range.to < from ? null : range.to,
    head,
    lastHash: last?.hash ?? null,
    confirmedHeight: head - chain.config.confirmations + 1,
    differences: [...ahead, ...whole.flatMap(({ told, stored }) => compareBlock(told, stored))],
    sent: whole.flatMap(({ told }) => sentIn(told)),
    received: whole.flatMap(({ told }) => receivedIn(told)),
  };
}

async function headOf({ store }: WatcherDeps, chainId: string): Promise<number> {
  const cursor = await store.system('chain_watcher').transaction((tx) => findCursor(tx, chainId));
  if (cursor !== undefined) return cursor.height;
  throw appError('dependency_down', { retry: 'later', detail: `no block of ${chainId} was read yet` });
}

/** We stand where the node has no block. */
function cursorAhead(height: number, head: number): Difference {
  return {
    kind: 'cursor_ahead',
    height,
    subject: `block ${height}`,
    onChain: null,
    stored: `followed to ${head}`,
  };
}

interface Reading {
  readonly range: BlockRange;
  readonly blocks: readonly Block[];
}

async function read(deps: WatcherDeps, chain: Chain, { range, blocks }: Reading) {
  const hashes = await deps.store
    .system('chain_watcher')
    .transaction((tx) => listBlockHashes(tx, range), READ_COMMITTED);
  return await deps.store.forTenant(range.tenantId).transaction(async (tx) => {
    const watched = await watchedIn(tx, range, blocks);
    const backfilled = await backfilledIn(tx, range);
    const rows = {
      transactions: await listStoredTransactions(tx, range),
      spent: await listStoredNonces(tx, range),
      watches: await listStoredWatches(tx, range),
    };
    return blocks.map((block) => {
      const known = watched(block);
      const older = backfilled(block, known.addresses);
      const told = { block, watched: known, backfilled: older, inclusion: inclusionOf(deps, chain) };
      return { told, stored: storedAt(told, hashes, rows) };
    });
  }, READ_COMMITTED);
}

const READ_COMMITTED = { isolation: 'read committed' } as const;

/** Of each block, what is the tenant's: a wallet counts from the block after which it is watched. */
async function watchedIn(tx: Tx, range: BlockRange, blocks: readonly Block[]) {
  const addresses = await listWatchedSince(tx, range);
  const assets = await listTenantAssets(tx, range.tenantId, range.chainId);
  const hashes = blocks.flatMap(({ transactions }) => transactions.map(({ hash }) => hash));
  const attempts = await listTenantAttempts(tx, range, hashes);
  return ({ height, transactions }: Block) => {
    const own = new Set(transactions.map(({ hash }) => hash));
    return {
      addresses: addresses.filter(({ from_height }) => height > Number(from_height)),
      assets,
      attempts: attempts.filter(({ tx_hash }) => own.has(tx_hash)),
    };
  };
}

/** Of each block, for whom a backfill has read it; each wallet once, and none that was watched by then. */
async function backfilledIn(tx: Tx, range: BlockRange) {
  const all = await listBackfilled(tx, range);
  return ({ height }: Block, watched: Told['backfilled']) => {
    const there = all.filter((one) => height >= Number(one.from_height) && height < Number(one.next_height));
    const byWallet = new Map(there.map((one) => [one.wallet_id, one]));
    for (const { wallet_id } of watched) byWallet.delete(wallet_id);
    return [...byWallet.values()];
  };
}

function inclusionOf({ newId, clock }: WatcherDeps, { config }: Chain): Told['inclusion'] {
  const { chainId, nativeAssetId } = config;
  return { chainId, nativeAssetId, depth: 'included', newId, now: clock() };
}

/** Of a wallet that was not watched yet, what a backfill has not read is not compared. */
function storedAt(
  { block: { height }, watched: { addresses }, backfilled }: Told,
  hashes: ReadonlyMap<number, string>,
  { transactions, spent, watches }: Omit<StoredBlock, 'hash'>,
): StoredBlock {
  const isThere = ({ block_height: at }: { readonly block_height: bigint | null }) => Number(at) === height;
  const wallets = new Set([...addresses, ...backfilled].map(({ wallet_id }) => wallet_id));
  const senders = new Set(addresses.map(({ address }) => address));
  return {
    hash: hashes.get(height) ?? null,
    transactions: transactions.filter((row) => isThere(row) && wallets.has(row.wallet_id)),
    spent: spent.filter((row) => isThere(row) && senders.has(row.address)),
    watches: watches.filter(isThere),
  };
}

/** What the tenant's wallets sent, whoever asked for it. */
function sentIn({ block, watched }: Told) {
  const wallets = new Set(watched.addresses.map(({ address }) => address));
  return block.transactions
    .filter(({ from }) => wallets.has(from))
    .map(({ hash, from, nonce, to, value, data, success }) => ({
      txHash: hash,
      ...{ from, nonce, to, value: value.toString(), data, success },
      blockHeight: block.height,
      blockHash: block.hash,
    }));
}

/** What came to the tenant's wallets in assets that it knows, as deposits are made of it. */
function receivedIn({ block, watched, backfilled, inclusion }: Told) {
  const seen = { ...watched, addresses: [...watched.addresses, ...backfilled] };
  return planTransactions(block, seen, inclusion)
    .filter(({ direction }) => direction === 'in')
    .map((row) => ({
      walletId: row.wallet_id,
      txHash: row.tx_hash,
      index: row.transfer_index,
      assetId: row.asset_id,
      amount: row.amount.toString(),
      blockHeight: block.height,
      blockHash: block.hash,
    }));
}
