import type { Block, ChainTransaction, Depth, Transfer } from '@ironforge/chain-core';
import type { NewId } from '@ironforge/kernel';
import type { NewSpentNonce } from '../queries/spent-nonces.ts';
import type { WalletPlace } from '../messages.ts';
import type { Holding, NewTransaction, StoredTransaction } from '../queries/transactions.ts';
import type { WatchAttempt } from '../queries/watch-attempts.ts';
import type { WatchedAddress } from '../queries/watched-addresses.ts';
import type { WatchedAsset } from '../queries/watched-assets.ts';
import type { Win } from '../queries/watches.ts';

/** What of a block concerns somebody. */
export interface Watched {
  readonly addresses: readonly WatchedAddress[];
  readonly assets: readonly WatchedAsset[];
  readonly attempts: readonly WatchAttempt[];
}

/** How a block's inclusions are written down. */
export interface Inclusion {
  readonly chainId: string;
  readonly nativeAssetId: string;
  /** Of the block itself when it is the newest. */
  readonly depth: Depth;
  readonly newId: NewId;
  readonly now: Date;
}

/** A balance that a block may have changed. */
export type Touched = Holding & { readonly address: string };

/** Every address that appears in a block. */
export function addressesOf(block: Block): string[] {
  const ends = block.transfers.flatMap(({ from, to }) => [from, to]);
  return [...new Set([...ends, ...block.transactions.map(({ from }) => from)])];
}

/** Every asset that a block moves. */
export function assetsOf(block: Block): string[] {
  return [...new Set(block.transfers.map(({ assetId }) => assetId))];
}

/** The nonces of watched addresses that a block spends. */
export function planSpentNonces(
  block: Block,
  watched: Watched,
  { chainId, depth }: Inclusion,
): NewSpentNonce[] {
  const byAddress = groupByAddress(watched.addresses);
  return block.transactions.flatMap((mined) =>
    ownersOf(byAddress, mined.from).map((owner) => ({
      tenant_id: owner.tenant_id,
      chain_id: chainId,
      address: mined.from,
      nonce: mined.nonce,
      depth,
      tx_hash: mined.hash,
      to_address: mined.to,
      value: mined.value,
      data: mined.data,
      success: mined.success,
      ...termsOf(mined),
      fee_paid: mined.fee,
      block_height: block.height,
      block_hash: block.hash,
    })),
  );
}

function termsOf(mined: ChainTransaction) {
  return {
    tx_type: mined.type,
    gas_limit: mined.gasLimit,
    max_fee_per_gas: mined.maxFeePerGas,
    max_priority_fee_per_gas: mined.maxPriorityFeePerGas,
    attachments: [...mined.attachments],
  };
}

/** The watched attempts that a block holds. */
export function planWins(block: Block, { attempts }: Watched, { depth }: Inclusion): Win[] {
  const byHash = new Map(block.transactions.map((mined) => [mined.hash, mined]));
  return attempts.flatMap((attempt) => {
    const mined = byHash.get(attempt.tx_hash);
    return mined === undefined ? [] : [winOf(attempt, mined, { depth, block })];
  });
}

/** The transfers of wallets in a block, one row for each wallet and transfer. */
export function planTransactions(block: Block, watched: Watched, inclusion: Inclusion): NewTransaction[] {
  const byAddress = groupByAddress(watched.addresses);
  const isKnown = knownAssets(watched, inclusion);
  const moved = block.transfers
    .flatMap((transfer) => sidesOf(byAddress, transfer))
    .filter(({ owner, transfer }) => isKnown(owner, transfer));
  const sides = [...moved, ...callsWithoutTransfer({ block, byAddress, inclusion }, moved)];
  const context = { block, inclusion, fees: feesOf(block, sides), requests: requestsByHash(watched) };
  return sides.map((side) => toRow(side, context));
}

/** The balances that rows of a block touch: the asset that moved, and the native one of whoever paid the fee. */
export function touchedBy(rows: readonly NewTransaction[], nativeAssetId: string): Touched[] {
  const touched = rows.flatMap((row) => {
    const holding = { tenant_id: row.tenant_id, wallet_id: row.wallet_id, address: ownAddress(row) };
    const assets = row.direction === 'out' ? [row.asset_id, nativeAssetId] : [row.asset_id];
    return assets.map((asset_id) => ({ ...holding, asset_id }));
  });
  return distinct(touched);
}

/** The wallet's own end of one of its transfers. */
function ownAddress(row: Pick<NewTransaction, 'direction' | 'from_address' | 'to_address'>): string {
  return (row.direction === 'in' ? row.to_address : row.from_address) ?? '';
}

/** The wallet of a transfer, and the address it stands on. */
export function placeOf(row: StoredTransaction): WalletPlace {
  return { tenant_id: row.tenant_id, wallet_id: row.wallet_id, address: ownAddress(row) };
}

/** Each wallet once. */
export function distinctPlaces(places: readonly WalletPlace[]): WalletPlace[] {
  return [...new Map(places.map((place) => [`${place.tenant_id} ${place.wallet_id}`, place])).values()];
}

/** Each balance once. */
export function distinct<T extends Holding>(holdings: readonly T[]): T[] {
  return [...new Map(holdings.map((holding) => [holdingKey(holding), holding])).values()];
}

/** What tells balances apart. */
export function holdingKey({ tenant_id, wallet_id, asset_id }: Holding): string {
  return `${tenant_id} ${wallet_id} ${asset_id}`;
}

/** Who watches an address. */
export type ByAddress = ReadonlyMap<string, readonly WatchedAddress[]>;

/** The watchers of each address. */
export function groupByAddress(addresses: readonly WatchedAddress[]): ByAddress {
  return Map.groupBy(addresses, ({ address }) => address);
}

/** Those who watch one address. */
export function ownersOf(byAddress: ByAddress, address: string): readonly WatchedAddress[] {
  return byAddress.get(address) ?? [];
}

interface Place {
  readonly depth: Depth;
  readonly block: Block;
}

function winOf(attempt: WatchAttempt, mined: ChainTransaction, { depth, block }: Place): Win {
  return {
    tenant_id: attempt.tenant_id,
    tx_request_id: attempt.tx_request_id,
    depth,
    winner_attempt_id: attempt.attempt_id,
    winner_tx_hash: mined.hash,
    winner_success: mined.success,
    winner_fee_paid: mined.fee,
    block_height: block.height,
    block_hash: block.hash,
  };
}

function sidesOf(byAddress: ByAddress, transfer: Transfer): Side[] {
  const receivers = transfer.success ? ownersOf(byAddress, transfer.to) : [];
  return [
    ...ownersOf(byAddress, transfer.from).map((owner) => ({ transfer, owner, direction: 'out' as const })),
    ...receivers.map((owner) => ({ transfer, owner, direction: 'in' as const })),
  ];
}

interface Calls {
  readonly block: Block;
  readonly byAddress: ByAddress;
  readonly inclusion: Inclusion;
}

/** A call that moves nothing we know costs its fee all the same, so it is shown as a native transfer of 0. */
function callsWithoutTransfer({ block, byAddress, inclusion }: Calls, moved: readonly Side[]): Side[] {
  const shown = new Set(moved.filter(({ direction }) => direction === 'out').map(outKey));
  return block.transactions
    .flatMap(({ hash, from, to, success }) => {
      const none = { index: 0, assetId: inclusion.nativeAssetId, amount: 0n };
      const transfer = { ...none, txHash: hash, from, to: to ?? from, success };
      return ownersOf(byAddress, from).map((owner) => ({ transfer, owner, direction: 'out' as const }));
    })
    .filter((side) => !shown.has(outKey(side)));
}

function outKey({ owner, transfer }: Side): string {
  return `${owner.tenant_id} ${owner.wallet_id} ${transfer.txHash}`;
}

/** The fee of a transaction stands on one row of its sender, the first. */
function feesOf(block: Block, sides: readonly Side[]): ReadonlyMap<Side, bigint> {
  const mined = new Map(block.transactions.map((transaction) => [transaction.hash, transaction]));
  const first = new Map<string, Side>();
  for (const side of sides) {
    const pays = side.direction === 'out' && mined.get(side.transfer.txHash)?.from === side.owner.address;
    if (pays && !first.has(outKey(side))) first.set(outKey(side), side);
  }
  return new Map([...first.values()].map((side) => [side, mined.get(side.transfer.txHash)?.fee ?? 0n]));
}

/** Tokens of no amount are left out: sending them in other people's names is how addresses are forged. */
export function knownAssets({ assets }: Watched, { nativeAssetId }: Inclusion) {
  const known = new Set(assets.map(({ tenant_id, asset_id }) => `${tenant_id} ${asset_id}`));
  return (owner: WatchedAddress, { assetId, amount }: Transfer) =>
    assetId === nativeAssetId || (amount > 0n && known.has(`${owner.tenant_id} ${assetId}`));
}

function requestsByHash({ attempts }: Watched): ReadonlyMap<string, string> {
  return new Map(
    attempts.map((attempt) => [`${attempt.tenant_id} ${attempt.tx_hash}`, attempt.tx_request_id]),
  );
}

interface Side {
  readonly transfer: Transfer;
  readonly owner: WatchedAddress;
  readonly direction: 'in' | 'out';
}

interface RowContext {
  readonly block: Block;
  readonly inclusion: Inclusion;
  readonly fees: ReadonlyMap<Side, bigint>;
  readonly requests: ReadonlyMap<string, string>;
}

function toRow(side: Side, { block, inclusion, fees, requests }: RowContext): NewTransaction {
  const { transfer, owner, direction } = side;
  return {
    id: inclusion.newId(),
    tenant_id: owner.tenant_id,
    wallet_id: owner.wallet_id,
    direction,
    tx_request_id: requests.get(`${owner.tenant_id} ${transfer.txHash}`) ?? null,
    chain_id: inclusion.chainId,
    tx_hash: transfer.txHash,
    transfer_index: transfer.index,
    from_address: transfer.from,
    to_address: transfer.to,
    asset_id: transfer.assetId,
    amount: transfer.amount,
    fee: fees.get(side) ?? null,
    status: statusOf(transfer, inclusion.depth),
    block_height: block.height,
    block_hash: block.hash,
    block_time: block.time,
    ...LISTED,
    updated_at: inclusion.now,
  };
}

const LISTED = { kind: 'transfer', logged_amount: null, range_from: null };

function statusOf({ success }: Transfer, depth: Depth): string {
  if (!success) return 'failed';
  return depth === 'included' ? 'pending' : 'confirmed';
}
