import type { EventType } from '@ironforge/contracts';
import type { DomainEvent, StateHandler } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { type Hold, storeHold } from '../queries/balance-holds.ts';

/** Events after which a request may hold what it did not hold before, or no longer; all others leave that as it is. */
type HoldEvent = Extract<
  EventType,
  `tx_request.${'approved' | 'quorum_lost' | 'rejected' | 'expired' | 'cancelled' | 'included' | 'reorged' | 'confirmed' | 'failed' | 'attempt_added' | 'attempt_approved' | 'attempt_rejected'}`
>;

/** Keeps what open requests will take from their wallets: each event carries the whole request, the newest one heard decides. */
export const holdHandlers: { readonly [T in HoldEvent]: StateHandler<T> } = {
  'tx_request.approved': noteHold,
  'tx_request.quorum_lost': noteHold,
  'tx_request.rejected': noteHold,
  'tx_request.expired': noteHold,
  'tx_request.cancelled': noteHold,
  'tx_request.included': noteHold,
  'tx_request.reorged': noteHold,
  'tx_request.confirmed': noteHold,
  'tx_request.failed': noteHold,
  'tx_request.attempt_added': noteHold,
  'tx_request.attempt_approved': noteHold,
  'tx_request.attempt_rejected': noteHold,
};

/** A request holds funds from its approval until the chain has decided. */
const HOLDING: readonly string[] = ['approved', 'signed', 'broadcasted'];

async function noteHold(tx: Tx, { tenantid, data: { request } }: DomainEvent<HoldEvent>): Promise<void> {
  const hold: Hold = {
    tenant_id: tenantid,
    tx_request_id: request.id,
    wallet_id: request.walletId,
    asset_id: request.assetId,
    amount: BigInt(request.amount),
    fee_asset_id: request.feeAssetId,
    fee_ceiling: BigInt(request.heldFeeCeiling ?? request.feeCeiling),
    is_open: HOLDING.includes(request.status),
    version: request.version,
  };
  storeHold(tx, hold);
}
