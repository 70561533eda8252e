import type { EventData } from '@ironforge/contracts';
import type { AssetId } from '@ironforge/kernel';
import { highestCeiling, type TxRequest } from '@ironforge/tx-core';
import type { RequestRow } from '../queries/tx-requests.ts';
import { columnsOf } from './columns.ts';

/** The request as its events tell it: all that other services need. */
export function snapshotOf(
  row: RequestRow,
  state: TxRequest,
  feeAssetId: AssetId,
): EventData<'tx_request.created'>['request'] {
  const { txHash, blockHeight } = columnsOf(state);
  const { status, reason, version } = state;
  return {
    id: row.id,
    walletId: row.wallet_id,
    chainId: row.chain_id,
    from: row.from_address,
    to: row.to_address,
    assetId: row.asset_id,
    amount: row.amount.toString(),
    feeCeiling: row.fee_ceiling.toString(),
    heldFeeCeiling: highestCeiling(state, row.fee_ceiling).toString(),
    feeAssetId,
    intentHash: row.intent_hash,
    clientReference: row.client_reference,
    createdBy: row.user_id,
    status,
    reason,
    txHash,
    blockHeight,
    version,
  };
}
