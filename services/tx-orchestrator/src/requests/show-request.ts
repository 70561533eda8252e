import type { transaction } from '@ironforge/contracts';
import { formatUnits } from '@ironforge/kernel';
import type { ApprovalRow, TxAttemptRow } from '@ironforge/schema';
import type { z } from 'zod';
import type { GapHolder } from '../queries/gap-holders.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { quorumOf, type RequestView } from './view.ts';

type Shown = z.input<typeof transaction>;

/** A request as the API shows it; confirmations are computed on reading. */
export function showRequest(view: RequestView) {
  const { row, approvals, attempts } = view;
  return {
    id: row.id,
    kind: row.gap_nonce === null ? ('payment' as const) : ('gap_fill' as const),
    status: row.status,
    reason: row.reason,
    queuedBehind: view.gap && showGap(view.gap),
    intent: row.intent,
    intentHash: row.intent_hash,
    walletId: row.wallet_id,
    chainId: row.chain_id,
    from: row.from_address,
    to: row.to_address,
    assetId: row.asset_id,
    amount: row.amount.toString(),
    decimals: row.decimals,
    display: formatUnits(row.amount, row.decimals),
    feeCeiling: row.fee_ceiling.toString(),
    policy: showPolicy(row),
    simulation: row.simulation,
    approvals: approvals.map(showApproval),
    required: quorumOf(view, row.intent_hash).groups,
    attempts: attempts.map((attempt) => showAttempt(view, attempt)),
    ...showPlace(view),
    clientReference: row.client_reference,
    note: row.note,
    metadata: row.metadata,
    createdBy: row.user_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    version: row.version,
  };
}

function showGap({ id, nonce, leaseEndsAt }: GapHolder) {
  return { transactionId: id, nonce, leaseEndsAt: leaseEndsAt?.toISOString() ?? null };
}

/** One person's decision. */
export function showApproval({ approver_id, intent_hash, decision, comment, ...row }: ApprovalRow) {
  const at = row.created_at.toISOString();
  return { userId: approver_id, intentHash: intent_hash, decision, comment, ...showProof(row), at };
}

/** What proved a decision. */
export function showProof(row: Pick<ApprovalRow, 'step_up' | 'signature' | 'signer_address'>) {
  return { stepUp: row.step_up, signature: row.signature, signerAddress: row.signer_address };
}

function showPolicy(row: RequestRow): Shown['policy'] {
  if (row.policy_explanation === null) return null;
  const explanation = [...row.policy_explanation];
  const prices = [...(row.policy_prices ?? [])];
  return { id: row.policy_id, version: row.policy_version, rule: row.policy_rule, explanation, prices };
}

function showAttempt(view: RequestView, attempt: TxAttemptRow) {
  const { id, kind, state, intent_hash, tx_hash, nonce, gas_limit } = attempt;
  const fee = {
    gasLimit: Number(gas_limit),
    maxFeePerGas: attempt.max_fee_per_gas.toString(),
    maxPriorityFeePerGas: attempt.max_priority_fee_per_gas.toString(),
    paid: attempt.fee_paid?.toString() ?? null,
  };
  return {
    id,
    kind,
    state,
    intentHash: intent_hash,
    feeCeiling: attempt.fee_ceiling.toString(),
    required: state === 'pending_approval' ? quorumOf(view, intent_hash).groups : [],
    txHash: tx_hash,
    nonce: Number(nonce),
    fee,
  };
}

function showPlace({ row, head }: RequestView) {
  const blockHeight = row.block_height === null ? null : Number(row.block_height);
  const confirmations = blockHeight === null || head === null ? 0 : Math.max(0, head - blockHeight + 1);
  return {
    txHash: row.tx_hash,
    blockHeight,
    blockHash: row.block_hash,
    confirmations,
    finalizedAt: row.finalized_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
  };
}
