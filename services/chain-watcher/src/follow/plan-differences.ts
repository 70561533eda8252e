import { MAX_UNITS, type NewId } from '@ironforge/kernel';
import type { Explained } from '../queries/balance-marks.ts';
import type { NewTransaction } from '../queries/transactions.ts';

/** The block at which balances were looked at, and how what it shows is written down. */
export interface SweptBlock {
  readonly chainId: string;
  readonly nativeAssetId: string;
  readonly height: number;
  readonly hash: string;
  readonly blockTime: Date;
  readonly lastHeight: number | null;
  readonly status: 'pending' | 'confirmed';
  readonly newId: NewId;
  readonly now: Date;
}

/**
 * One row for each balance that its mark and its transfers do not explain, from the block after the last that did. More
 * coin than expected came in by a contract's call, a validator's withdrawal, a block reward or a destroyed contract; a
 * token's balance grows or shrinks without a log, and a rollup may take fees that no receipt shows.
 */
export function planDifferences(balances: readonly Explained[], block: SweptBlock): NewTransaction[] {
  return balances.flatMap((balance) => {
    if (balance.mark_height === null) return [];
    const difference = differenceOf(balance);
    const from = Math.max(Number(balance.mark_height), block.lastHeight ?? 0) + 1;
    return isBookable(difference) ? [toRow(balance, difference, { ...block, from })] : [];
  });
}

/** The balances that are to be marked: new ones, and those that moved since their mark. */
export function toMark(balances: readonly Explained[]): Explained[] {
  return balances.filter(
    (balance) => balance.mark_height === null || balance.rows > 0n || differenceOf(balance) !== 0n,
  );
}

/** Beyond all amounts it is the work of a contract that logs what it likes; the next mark begins anew. */
function isBookable(difference: bigint): boolean {
  return difference !== 0n && difference <= MAX_UNITS && -difference <= MAX_UNITS;
}

function differenceOf({ amount, mark_amount, moved }: Explained): bigint {
  return amount - (mark_amount ?? 0n) - moved;
}

function toRow(
  balance: Explained,
  difference: bigint,
  block: SweptBlock & { readonly from: number },
): NewTransaction {
  const isIn = difference > 0n;
  const isInternal = isIn && balance.asset_id === block.nativeAssetId;
  return {
    id: block.newId(),
    tenant_id: balance.tenant_id,
    wallet_id: balance.wallet_id,
    tx_request_id: null,
    direction: isIn ? 'in' : 'out',
    chain_id: block.chainId,
    tx_hash: null,
    transfer_index: 0,
    from_address: isIn ? null : balance.address,
    to_address: isIn ? balance.address : null,
    asset_id: balance.asset_id,
    amount: isIn ? difference : -difference,
    fee: null,
    status: block.status,
    block_height: block.height,
    block_hash: block.hash,
    block_time: block.blockTime,
    kind: isInternal ? 'internal' : 'unexplained',
    logged_amount: null,
    range_from: block.from,
    updated_at: block.now,
  };
}
