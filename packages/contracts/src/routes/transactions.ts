import { z } from 'zod';
import { txStatus } from '../events/tx-request.ts';
import { route } from '../route.ts';
import {
  addressInput,
  assetId,
  chainId,
  hash32,
  hexBytes,
  humanText,
  listOf,
  metadata,
  nameText,
  page,
  pageOf,
  units,
  utcTime,
  uuid,
} from '../scalars.ts';
import { proofs } from '../step-up.ts';
import { attemptKind, signingPayload, signingTask, transaction, txEvent } from './transaction-resource.ts';

const service = 'tx-orchestrator';
const id = z.strictObject({ id: uuid });

const createBody = z.strictObject({
  walletId: uuid,
  to: addressInput,
  assetId,
  amount: units,
  data: hexBytes.max(131_074).optional(),
  memo: humanText(200).optional(),
  feeCeiling: units.optional(),
  validUntil: utcTime.optional(),
  clientReference: nameText(200).optional(),
  note: humanText(1000).optional(),
  metadata: metadata.optional(),
  submit: z.boolean().optional(),
});

const replacementBody = z.strictObject({
  feeCeiling: units
    .optional()
    .describe('the most native base units for the network; of a speed-up by default what was approved'),
});

const replacementErrors = [
  'illegal_transition',
  'fee_above_ceiling',
  'insufficient_funds',
  'dependency_down',
  'chain_stopped',
  'screening_unavailable',
] as const;

/** Transaction requests, from the wish to its end on the chain. */
export const transactionRoutes = {
  createTransaction: route({
    method: 'POST',
    path: '/v1/transactions',
    service,
    access: 'transactions:create',
    summary: 'Ask to move value; rules and approvers decide',
    body: createBody,
    reply: transaction,
    status: 201,
    idempotency: 'required',
    errors: [
      'idempotency_key_required',
      'idempotency_key_reused',
      'wallet_watch_only',
      'wallet_not_active',
      'plan_limit_reached',
      'client_reference_exists',
      'secret_in_request',
      'unknown_asset',
      'dependency_down',
      'chain_stopped',
      'screening_unavailable',
    ],
  }),
  listTransactions: route({
    method: 'GET',
    path: '/v1/transactions',
    service,
    access: 'transactions:read',
    summary: 'Transaction requests of the tenant',
    query: z.strictObject({
      ...page,
      status: txStatus.optional(),
      walletId: uuid.optional(),
      chainId: chainId.optional(),
      from: z.string().max(255).optional(),
      to: z.string().max(255).optional(),
      txHash: hash32.optional(),
      createdBy: uuid.optional(),
      createdAfter: utcTime.optional(),
      createdBefore: utcTime.optional(),
      clientReference: z.string().max(200).optional(),
    }),
    reply: pageOf(transaction),
  }),
  getTransaction: route({
    method: 'GET',
    path: '/v1/transactions/{id}',
    service,
    access: 'transactions:read',
    summary: 'One transaction request',
    params: id,
    reply: transaction,
  }),
  listTransactionEvents: route({
    method: 'GET',
    path: '/v1/transactions/{id}/events',
    service,
    access: 'transactions:read',
    summary: 'Every transition of a request, oldest first',
    params: id,
    query: z.strictObject(page),
    reply: pageOf(txEvent),
  }),
  submitTransaction: route({
    method: 'POST',
    path: '/v1/transactions/{id}/submit',
    service,
    access: 'transactions:create',
    summary: 'Hand a draft to the rules',
    params: id,
    reply: transaction,
    idempotency: 'optional',
    errors: [
      'illegal_transition',
      'wallet_not_active',
      'dependency_down',
      'chain_stopped',
      'screening_unavailable',
    ],
  }),
  cancelTransaction: route({
    method: 'POST',
    path: '/v1/transactions/{id}/cancel',
    service,
    access: 'transactions:create',
    summary: 'Take a request back that is not signed yet',
    params: id,
    reply: transaction,
    idempotency: 'optional',
    errors: ['illegal_transition'],
  }),
  speedUpTransaction: route({
    method: 'POST',
    path: '/v1/transactions/{id}/speed-up',
    service,
    access: 'transactions:create',
    summary:
      'The same payment at a higher fee, on the same nonce, to be signed; above the approved ceiling people are asked',
    params: id,
    body: replacementBody,
    reply: transaction,
    idempotency: 'optional',
    errors: replacementErrors,
  }),
  cancelOnChain: route({
    method: 'POST',
    path: '/v1/transactions/{id}/cancel-onchain',
    service,
    access: 'transactions:create',
    summary:
      'Nothing to oneself on the nonce of a signed payment, to be signed, so that the payment cannot be mined',
    params: id,
    body: replacementBody,
    reply: transaction,
    idempotency: 'optional',
    errors: replacementErrors,
  }),
  listApprovals: route({
    method: 'GET',
    path: '/v1/approvals',
    service,
    access: 'transactions:approve',
    summary: 'The requests that wait for my decision',
    query: z.strictObject({
      ...page,
      approver: z.literal('me').optional(),
      status: z.literal('pending').optional(),
    }),
    reply: pageOf(transaction),
  }),
  decideTransaction: route({
    method: 'POST',
    path: '/v1/transactions/{id}/approvals',
    service,
    access: 'transactions:approve',
    summary: 'Approve or reject exactly this intent',
    params: id,
    body: z.strictObject({
      decision: z.enum(['approve', 'reject']),
      intentHash: hash32,
      comment: humanText(1000).optional(),
      ...proofs,
    }),
    reply: transaction,
    idempotency: 'optional',
    errors: [
      'intent_mismatch',
      'step_up_required',
      'step_up_failed',
      'too_many_attempts',
      'initiator_cannot_approve',
      'not_an_approver',
      'already_decided',
      'illegal_transition',
      'version_conflict',
      'secret_in_request',
      'dependency_down',
      'chain_stopped',
    ],
  }),
  listSigningTasks: route({
    method: 'GET',
    path: '/v1/signing-tasks',
    service,
    access: 'transactions:sign',
    summary: 'What can be signed now and is under nobody’s lease, oldest first',
    query: z.strictObject({
      ...page,
      wait: z.coerce
        .number()
        .int()
        .min(0)
        .max(30)
        .default(0)
        .describe('seconds to wait for a first task when there is none; answered as soon as there is one'),
      walletId: uuid.optional(),
      address: listOf(z.string().max(255), 50).optional().describe('tasks of these senders alone'),
      except: listOf(uuid, 100)
        .optional()
        .describe('ids of tasks to leave out, so that one that cannot be signed here does not end the wait'),
    }),
    reply: pageOf(signingTask),
    errors: ['too_many_waiting'],
  }),
  createSigningPayload: route({
    method: 'POST',
    path: '/v1/transactions/{id}/signing-payload',
    service,
    access: 'transactions:sign',
    summary: 'Bind nonce and fees and lease the right to sign; asking again gives the same lease',
    params: id,
    body: z.strictObject({
      leaseSeconds: z.int().min(5).max(86_400).optional(),
      kind: attemptKind.optional(),
    }),
    reply: signingPayload,
    errors: [
      'illegal_transition',
      'wallet_not_active',
      'waiting_for_nonce',
      'insufficient_funds',
      'quorum_missing',
      'fee_above_ceiling',
      'dependency_down',
      'chain_stopped',
      'screening_unavailable',
    ],
  }),
  submitSignature: route({
    method: 'POST',
    path: '/v1/transactions/{id}/signature',
    service,
    access: 'transactions:sign',
    summary: 'Hand in the signed bytes; they must be exactly what was approved',
    params: id,
    body: z.strictObject({ leaseId: uuid, signedTransaction: hexBytes.max(262_146) }),
    reply: transaction,
    errors: [
      'wallet_not_active',
      'signed_bytes_differ',
      'lease_lost',
      'illegal_transition',
      'quorum_missing',
      'dependency_down',
      'chain_stopped',
      'screening_unavailable',
    ],
  }),
} as const;
