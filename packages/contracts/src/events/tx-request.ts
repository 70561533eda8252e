import { z } from 'zod';
import { assetId, chainId, hash32, units, uuid, wholeNumber } from '../scalars.ts';

/** Every status of a transaction request. */
export const txStatus = z.enum([
  'draft',
  'pending_approval',
  'approved',
  'signed',
  'broadcasted',
  'confirmed',
  'failed',
  'rejected',
  'expired',
  'cancelled',
]);

/** Why a request stands where it stands: a closed list. */
export const txReason = z.enum([
  'policy_denied',
  'no_policy',
  'rejected_by_approver',
  'approval_timeout',
  'validity_passed',
  'cancelled_by_user',
  'waiting_for_signer',
  'waiting_for_nonce',
  'queued_behind',
  'refused_by_node',
  'insufficient_funds',
  'underpriced',
  'stuck',
  'evicted',
  'outcome_unknown',
  'reorged',
  'reverted',
  'replaced_outside',
  'cancelled_on_chain',
  'mined_after_cancel',
  'screening_denied',
  'limit_reached',
]);

/**
 * In what an adopted transaction is other than what its signer was asked for: a closed list. `signature` says that it is
 * not the stored bytes and yet the same in all else.
 */
export const adoptedDifference = z.enum([
  'type',
  'fee',
  'access_list',
  'authorization_list',
  'blobs',
  'signature',
]);
export type AdoptedDifference = z.infer<typeof adoptedDifference>;

const request = z.object({
  id: uuid,
  walletId: uuid,
  chainId,
  from: z.string(),
  to: z.string(),
  assetId,
  amount: units,
  feeCeiling: units,
  /** The highest of its own ceiling and those of replacements that can still be mined; older messages lack it. */
  heldFeeCeiling: units.optional(),
  feeAssetId: assetId,
  intentHash: hash32,
  status: txStatus,
  reason: txReason.nullable(),
  txHash: hash32.nullable(),
  blockHeight: wholeNumber.nullable(),
  clientReference: z.string().nullable(),
  createdBy: uuid,
  version: wholeNumber,
});

/** The request after the event, and what only this event tells. */
export const transition = z.object({ request, details: z.record(z.string(), z.unknown()) });

/** What tx-orchestrator says about a request: one type per event of the state machine. */
export const txRequestEvents = {
  'tx_request.created': transition,
  'tx_request.submitted': transition,
  'tx_request.approval_granted': transition,
  'tx_request.approval_refused': transition,
  'tx_request.approved': transition,
  'tx_request.rejected': transition,
  'tx_request.expired': transition,
  'tx_request.cancelled': transition,
  'tx_request.quorum_lost': transition,
  'tx_request.validity_passed': transition,
  'tx_request.payload_offered': transition,
  'tx_request.lease_displaced': transition,
  'tx_request.signed': transition,
  'tx_request.delayed': transition,
  'tx_request.dispatched': transition,
  'tx_request.broadcasted': transition,
  'tx_request.refused': transition,
  'tx_request.stuck': transition,
  'tx_request.attempt_added': transition,
  'tx_request.attempt_approved': transition,
  'tx_request.attempt_rejected': transition,
  'tx_request.included': transition,
  'tx_request.confirmed': transition,
  'tx_request.failed': transition,
  'tx_request.reorged': transition,
  'tx_request.adopted': transition,
  'tx_request.finalized': transition,
  'tx_request.nonce_released': transition,
  'tx_request.observed': transition,
} as const;

const policy = z.object({
  id: uuid,
  name: z.string(),
  version: wholeNumber,
  isActive: z.boolean(),
  isDefault: z.boolean(),
});

/** What tx-orchestrator says about rules, about gaps and about danger. */
export const orchestratorEvents = {
  'policy.created': z.object({ policy }),
  'policy.updated': z.object({ policy }),
  'nonce.gap_opened': z.object({
    requestId: uuid,
    walletId: uuid,
    chainId,
    address: z.string(),
    nonce: wholeNumber,
  }),
  'security.signature_refused': z.object({
    requestId: uuid,
    leaseId: uuid.nullable(),
    code: z.string(),
    fields: z.array(z.string()),
  }),
  'security.mined_after_end': z.object({ requestId: uuid, status: txStatus, txHash: hash32 }),
  'security.adopted_with_differences': z.object({
    requestId: uuid,
    txHash: hash32,
    fields: z.array(adoptedDifference).min(1),
  }),
  'security.nonce_spent_outside': z.object({
    walletId: uuid,
    chainId,
    address: z.string(),
    nonce: wholeNumber,
    txHash: hash32.nullable(),
    requestIds: z.array(uuid),
  }),
} as const;
