import { present } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import type { Slot } from '@ironforge/tx-core';
import { showApproval } from './show-request.ts';
import { quorumOf, type RequestView } from './view.ts';

/** A payload as a signer gets it, with what he needs to check it by himself. */
export function showPayload(
  view: RequestView,
  { attempt, slot }: { readonly attempt: TxAttemptRow; readonly slot: Slot },
) {
  const { row, approvals } = view;
  const expiresAtMs = present(slot.leaseExpiresAtMs, 'the end of a lease');
  return {
    transactionId: row.id,
    leaseId: attempt.lease_id,
    fence: Number(attempt.fence),
    expiresAt: new Date(expiresAtMs).toISOString(),
    intent: row.intent,
    intentHash: row.intent_hash,
    approvals: approvals.map(showApproval),
    required: quorumOf(view).groups,
    evm: showUnsigned(attempt),
  };
}

function showUnsigned(attempt: TxAttemptRow) {
  const { unsigned_transaction: unsignedTransaction, nonce, gas_limit: gasLimit } = attempt;
  return {
    unsignedTransaction,
    // EIP-2718: a typed transaction begins with its type, a legacy one with an RLP list.
    type: unsignedTransaction.startsWith('0x02') ? 2 : 0,
    nonce: Number(nonce),
    gasLimit: Number(gasLimit),
    maxFeePerGas: attempt.max_fee_per_gas.toString(),
    maxPriorityFeePerGas: attempt.max_priority_fee_per_gas.toString(),
  };
}
