import type { EventData } from '@ironforge/contracts';
import { assert, present } from '@ironforge/kernel';
import type { Seen } from './messages.ts';
import type { StoredTransaction } from './queries/transactions.ts';

/** Where a deposit's state is told: as seen from this height of the chain, with nothing undone up to `finalized`. */
export interface SeenFinal extends Seen {
  readonly finalized: number;
}

/** The whole present state of a deposit. */
export function depositData(
  { chainId, height, finalized }: SeenFinal,
  row: StoredTransaction,
): EventData<'chain.deposit_observed'> {
  return {
    depositId: row.id,
    version: row.version,
    walletId: row.wallet_id,
    chainId,
    ...showMoved(row),
    to: present(row.to_address, 'the wallet that received it'),
    blockHeight: heightOf(row.block_height),
    blockHash: row.block_hash,
    depth: depthOf(row, finalized),
    height,
  };
}

/** What moved, as routes and events tell it. */
export function showMoved(row: Omit<StoredTransaction, 'tenant_id' | 'wallet_id' | 'version'>) {
  return {
    kind: kindIn(row.kind),
    txHash: row.tx_hash,
    index: row.transfer_index,
    from: row.from_address,
    to: row.to_address,
    assetId: row.asset_id,
    amount: row.amount.toString(),
    loggedAmount: row.logged_amount?.toString() ?? null,
    fromHeight: heightOf(row.range_from),
  };
}

/** A height as JSON carries it. */
export function heightOf(height: bigint | null): number | null {
  return height === null ? null : Number(height);
}

function depthOf({ status, block_height: height }: StoredTransaction, finalized: number) {
  if (height === null) return 'none';
  if (Number(height) <= finalized) return 'finalized';
  return status === 'pending' ? 'included' : 'confirmed';
}

function kindIn(text: string): 'transfer' | 'internal' | 'unexplained' {
  assert(text === 'transfer' || text === 'internal' || text === 'unexplained', 'a kind of deposit');
  return text;
}
