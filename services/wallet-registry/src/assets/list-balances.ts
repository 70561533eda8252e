import type { HeldUnits } from '../queries/balance-holds.ts';
import type { Balance } from '../queries/token-balances.ts';
import type { ShownAsset } from './show-asset.ts';

/** All that is known of what a wallet holds. */
export interface WalletFunds {
  /** The coin of the wallet's chain, listed also before it was seen. */
  readonly coinId: string | null;
  readonly balances: readonly Balance[];
  readonly holds: readonly HeldUnits[];
  readonly assets: ReadonlyMap<string, ShownAsset>;
}

const NEVER_SEEN = { amount: 0n, pending: 0n, block_height: null, as_of: null };

/** The balances as clients see them, the coin first; available = amount - pending - holds, never below 0. */
export function listBalances({ coinId, balances, holds, assets }: WalletFunds) {
  const seen = new Map<string, Omit<Balance, 'asset_id'>>(
    balances.map((balance) => [balance.asset_id, balance]),
  );
  const held = new Map(holds.map(({ asset_id: assetId, units }) => [assetId, units]));
  const listed = new Set([...(coinId === null ? [] : [coinId]), ...seen.keys()]);
  return [...listed].flatMap((assetId) => {
    const asset = assets.get(assetId);
    const balance = seen.get(assetId) ?? NEVER_SEEN;
    return asset === undefined ? [] : [showBalance(asset, balance, held.get(assetId) ?? 0n)];
  });
}

type SeenBalance = Omit<Balance, 'asset_id'> | typeof NEVER_SEEN;

function showBalance({ assetId, symbol, decimals }: ShownAsset, balance: SeenBalance, held: bigint) {
  const { amount, pending, block_height: height, as_of: asOf } = balance;
  const free = amount - pending - held;
  return {
    assetId,
    symbol,
    decimals,
    amount: String(amount),
    pending: String(pending),
    available: String(free > 0n ? free : 0n),
    blockHeight: height === null ? null : Number(height),
    asOf: asOf === null ? null : asOf.toISOString(),
  };
}
