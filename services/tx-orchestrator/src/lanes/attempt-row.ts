import type { EvmBinding } from '@ironforge/chain-evm';
import type { TxAttemptRow } from '@ironforge/schema';
import { type AttemptState, type AttemptTerms, intentHash, intentOfAttempt } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import type { RequestRow } from '../queries/tx-requests.ts';

/** The right to sign an attempt, as its row keeps it. */
export interface HeldLease {
  readonly leaseId: string;
  readonly fence: number;
}

/** A payload that is about to be stored, unsigned; a replacement has no lease before somebody asks for one. */
export interface NewAttempt {
  readonly id: string;
  readonly row: RequestRow;
  readonly terms: AttemptTerms;
  readonly state: AttemptState;
  readonly binding: EvmBinding;
  readonly lease: HeldLease | null;
  /** Who asked for a replacement, since he may not approve it; null for the original. */
  readonly requestedBy: string | null;
}

/** The row of an attempt at these fees, with its unsigned transaction. */
export function attemptRow(
  { chainById, clock }: Pick<OrchestratorDeps, 'chainById' | 'clock'>,
  { id, row, terms, state, binding, lease, requestedBy }: NewAttempt,
): TxAttemptRow {
  const { codec, nativeAssetId } = chainById(row.chain_id);
  const intent = intentOfAttempt(row.intent, nativeAssetId, terms);
  const at = clock();
  return {
    id,
    tenant_id: row.tenant_id,
    tx_request_id: row.id,
    kind: terms.kind,
    state,
    chain_id: row.chain_id,
    address: row.from_address,
    nonce: BigInt(binding.nonce),
    lease_id: lease?.leaseId ?? null,
    fence: lease === null ? null : BigInt(lease.fence),
    intent_hash: intentHash(intent),
    fee_ceiling: terms.feeCeiling,
    requested_by: requestedBy,
    unsigned_transaction: codec.buildUnsigned(intent, binding).unsignedTransaction,
    gas_limit: binding.gasLimit,
    max_fee_per_gas: binding.maxFeePerGas,
    max_priority_fee_per_gas: binding.maxPriorityFeePerGas,
    fee_paid: null,
    tx_hash: null,
    raw: null,
    sent_at: null,
    seen_at: null,
    signable_since: state === 'offered' && terms.kind !== 'original' ? at : null,
    created_at: at,
    updated_at: at,
  };
}
