import { present } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import type { Intent, Slot } from '@ironforge/tx-core';
import { showApproval } from './show-request.ts';
import { approvedHashOf, quorumOf, type RequestView } from './view.ts';

/** A payload as a signer gets it, with what he needs to check it by himself. */
export function showPayload(
  view: RequestView,
  { attempt, slot, intent }: { readonly attempt: TxAttemptRow; readonly slot: Slot; readonly intent: Intent },
) {
  const { row } = view;
  const expiresAtMs = present(slot.leaseExpiresAtMs, 'the end of a lease');
  const approvedHash = approvedHashOf(view, attempt.intent_hash);
  return {
    transactionId: row.id,
    kind: attempt.kind,
    leaseId: attempt.lease_id,
    fence: Number(attempt.fence),
    expiresAt: new Date(expiresAtMs).toISOString(),
    intent,
    intentHash: attempt.intent_hash,
    original: { intent: row.intent, intentHash: row.intent_hash },
    approvals: view.approvals.filter(({ intent_hash }) => intent_hash === approvedHash).map(showApproval),
    required: attempt.kind === 'cancel' ? [] : quorumOf(view, approvedHash).groups,
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
