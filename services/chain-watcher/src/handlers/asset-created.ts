import { depthOf } from '@ironforge/chain-core';
import { parseAssetId } from '@ironforge/chain-evm';
import { type Cause, causeOfMessage, type StateHandler } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { type CursorState, holdCursorAlone } from '../queries/chain-cursors.ts';
import { type QuarantinedTransfer, releaseQuarantine } from '../queries/quarantined-transfers.ts';
import { type NewTransaction, upsertTransactions } from '../queries/transactions.ts';
import { listTenantAddresses } from '../queries/watched-addresses.ts';
import { insertWatchedAsset } from '../queries/watched-assets.ts';

/**
 * Begins to follow a tenant's token: what came in of it before and was kept apart becomes deposits, and its balance is read
 * for every wallet of the tenant on that chain. The cursor is held alone meanwhile, so that each block, a backfilled one too, keeps
 * the token apart before this or follows it after.
 */
export function assetCreated(deps: WatcherDeps): StateHandler<'asset.created'> {
  return async (tx, event) => {
    const { assetId, chainId } = event.data.asset;
    const chain = deps.chains.find(chainId);
    const asset = chain && parseAssetId(chain.config, assetId);
    if (!chain || !asset || asset.kind === 'native') return;
    const cursor = await holdCursorAlone(tx, chainId);
    const token = { tenant_id: event.tenantid, chain_id: chainId, asset_id: assetId };
    await insertWatchedAsset(tx, { ...token, contract: asset.contract });
    const cause = causeOfMessage(event, 'chain-watcher');
    const released = cursor === undefined ? [] : await release(deps, tx, { chain, cursor, token, cause });
    const seen = { chainId, height: cursor?.height ?? 0, cause };
    const wallets = await listTenantAddresses(tx, event.tenantid, chainId);
    const readings = wallets.map((wallet) => deps.messages.readBalances(seen, wallet, [assetId]));
    deps.outbox.add(tx, [...released, ...readings]);
  };
}

interface Release {
  readonly chain: Chain;
  readonly cursor: CursorState;
  readonly token: { readonly tenant_id: string; readonly chain_id: string; readonly asset_id: string };
  readonly cause: Cause;
}

async function release(deps: WatcherDeps, tx: Tx, { chain, cursor, token, cause }: Release) {
  const kept = await releaseQuarantine(tx, token);
  const view = { head: cursor.height, finalized: cursor.finalizedHeight };
  const rows = kept.map((transfer) => {
    const depth = depthOf(Number(transfer.block_height), view, chain.config.confirmations);
    return toDeposit(transfer, depth === 'included' ? 'pending' : 'confirmed', deps.clock());
  });
  const deposits = await upsertTransactions(tx, rows);
  const { chainId, height, finalizedHeight: finalized } = cursor;
  return deposits.map((row) => deps.messages.depositObserved({ chainId, height, finalized, cause }, row));
}

function toDeposit(transfer: QuarantinedTransfer, status: string, now: Date): NewTransaction {
  return {
    id: transfer.id,
    tenant_id: transfer.tenant_id,
    wallet_id: transfer.wallet_id,
    tx_request_id: null,
    direction: 'in',
    chain_id: transfer.chain_id,
    tx_hash: transfer.tx_hash,
    transfer_index: transfer.transfer_index,
    from_address: transfer.from_address,
    to_address: transfer.to_address,
    asset_id: transfer.asset_id,
    amount: transfer.amount,
    fee: null,
    status,
    block_height: Number(transfer.block_height),
    block_hash: transfer.block_hash,
    block_time: transfer.block_time,
    kind: 'transfer',
    logged_amount: null,
    range_from: null,
    updated_at: now,
  };
}
