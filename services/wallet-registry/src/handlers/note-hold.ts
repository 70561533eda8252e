import type { EventType } from '@ironforge/contracts';
import type { DomainEvent, StateHandler } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { type Hold, storeHold } from '../queries/balance-holds.ts';

/** Every event of a request: each carries the whole request, so the newest one heard decides. */
type RequestEvent = Extract<EventType, `tx_request.${string}`>;

/** Keeps what open requests will take from their wallets, from whichever of their events comes. */
export const holdHandlers: { readonly [T in RequestEvent]: StateHandler<T> } = {
  'tx_request.created': noteHold,
  'tx_request.submitted': noteHold,
  'tx_request.approval_granted': noteHold,
  'tx_request.approval_refused': noteHold,
  'tx_request.approved': noteHold,
  'tx_request.rejected': noteHold,
  'tx_request.expired': noteHold,
  'tx_request.cancelled': noteHold,
  'tx_request.quorum_lost': noteHold,
  'tx_request.validity_passed': noteHold,
  'tx_request.payload_offered': noteHold,
  'tx_request.lease_displaced': noteHold,
  'tx_request.signed': noteHold,
  'tx_request.delayed': noteHold,
  'tx_request.dispatched': noteHold,
  'tx_request.broadcasted': noteHold,
  'tx_request.refused': noteHold,
  'tx_request.stuck': noteHold,
  'tx_request.attempt_added': noteHold,
  'tx_request.attempt_approved': noteHold,
  'tx_request.attempt_rejected': noteHold,
  'tx_request.included': noteHold,
  'tx_request.confirmed': noteHold,
  'tx_request.failed': noteHold,
  'tx_request.reorged': noteHold,
  'tx_request.adopted': noteHold,
  'tx_request.finalized': noteHold,
  'tx_request.nonce_released': noteHold,
  'tx_request.observed': noteHold,
};

/** A request holds funds from its approval until the chain has decided. */
const HOLDING: readonly string[] = ['approved', 'signed', 'broadcasted'];

async function noteHold(tx: Tx, { tenantid, data: { request } }: DomainEvent<RequestEvent>): Promise<void> {
  const hold: Hold = {
    tenant_id: tenantid,
    tx_request_id: request.id,
    wallet_id: request.walletId,
    asset_id: request.assetId,
    amount: BigInt(request.amount),
    fee_asset_id: request.feeAssetId,
    fee_ceiling: BigInt(request.feeCeiling),
    is_open: HOLDING.includes(request.status),
    version: request.version,
  };
  await storeHold(tx, hold);
}
