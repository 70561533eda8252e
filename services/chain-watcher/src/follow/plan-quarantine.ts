import type { Block, Transfer } from '@ironforge/chain-core';
import type { NewQuarantined } from '../queries/quarantined-transfers.ts';
import type { WatchedAddress } from '../queries/watched-addresses.ts';
import { groupByAddress, type Inclusion, knownAssets, ownersOf, type Watched } from './plan-block.ts';

/** So many of a wallet are kept, the newest: whoever sends a million tokens that nobody knows fills nothing. */
export const QUARANTINED_PER_WALLET = 100;

/**
 * What a block brings in of tokens that the wallet's tenant does not know. What goes out of them is not looked at: a
 * contract may log transfers in anybody's name.
 */
export function planQuarantine(block: Block, watched: Watched, inclusion: Inclusion): NewQuarantined[] {
  const byAddress = groupByAddress(watched.addresses);
  const isKnown = knownAssets(watched, inclusion);
  const incoming = block.transfers
    .filter(({ success, amount }) => success && amount > 0n)
    .flatMap((transfer) => ownersOf(byAddress, transfer.to).map((owner) => ({ owner, transfer })))
    .filter(({ owner, transfer }) => !isKnown(owner, transfer));
  const byWallet = Map.groupBy(incoming, ({ owner }) => `${owner.tenant_id} ${owner.wallet_id}`);
  return [...byWallet.values()].flatMap((transfers) =>
    transfers.slice(-QUARANTINED_PER_WALLET).map((arrival) => toRow(arrival, block, inclusion)),
  );
}

interface Arrival {
  readonly owner: WatchedAddress;
  readonly transfer: Transfer;
}

function toRow({ owner, transfer }: Arrival, block: Block, { chainId, newId }: Inclusion): NewQuarantined {
  return {
    id: newId(),
    tenant_id: owner.tenant_id,
    wallet_id: owner.wallet_id,
    chain_id: chainId,
    tx_hash: transfer.txHash,
    transfer_index: transfer.index,
    from_address: transfer.from,
    to_address: transfer.to,
    asset_id: transfer.assetId,
    amount: transfer.amount,
    block_height: block.height,
    block_hash: block.hash,
    block_time: block.time,
  };
}
