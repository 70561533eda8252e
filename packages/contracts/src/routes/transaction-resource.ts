import { z } from 'zod';
import { txReason, txStatus } from '../events/tx-request.ts';
import { assetPrice } from '../fiat.ts';
import { simulation } from '../simulation.ts';
import { proved } from '../step-up.ts';
import { assetId, chainId, hash32, hexBytes, units, utcTime, uuid, wholeNumber } from '../scalars.ts';

/** What people approve; its canonical JSON (RFC 8785) is hashed. Absent keys are omitted. */
export const intent = z.object({
  version: z.literal(1),
  requestId: uuid,
  tenantId: uuid,
  walletId: uuid,
  chainId,
  from: z.string(),
  to: z.string(),
  assetId,
  amount: units,
  data: hexBytes.optional(),
  memo: z.string().optional(),
  feeCeiling: units,
  validUntil: utcTime,
  clientReference: z.string().optional(),
});

/** What a signed payload is for. */
export const attemptKind = z.enum(['original', 'speed_up', 'cancel']);

const approval = z.object({
  userId: uuid,
  intentHash: hash32.describe('what was decided on: the intent, or that of a replacement'),
  decision: z.enum(['approve', 'reject']),
  comment: z.string().nullable(),
  ...proved,
  at: utcTime,
});

const groupStatus = z.object({ group: z.string(), required: wholeNumber, given: wholeNumber });

const attempt = z.object({
  id: uuid,
  kind: attemptKind,
  state: z.enum(['pending_approval', 'offered', 'displaced', 'signed', 'sent', 'mined', 'replaced']),
  intentHash: hash32,
  feeCeiling: units,
  required: z.array(groupStatus).describe('who must approve a replacement above the approved ceiling'),
  txHash: hash32.nullable(),
  nonce: wholeNumber,
  fee: z.object({
    gasLimit: wholeNumber,
    maxFeePerGas: units,
    maxPriorityFeePerGas: units,
    paid: units.nullable(),
  }),
});

/** A transaction request as the API shows it. */
export const transaction = z.object({
  id: uuid,
  kind: z.enum(['payment', 'gap_fill']).describe('a gap fill is a task of the system: nothing to oneself'),
  status: txStatus,
  reason: txReason.nullable(),
  queuedBehind: z
    .object({
      transactionId: uuid,
      nonce: wholeNumber,
      leaseEndsAt: utcTime
        .nullable()
        .describe('until when its signer has the right to sign; null when nobody has it'),
    })
    .nullable()
    .describe(
      'what has to be signed first: who holds the lease on the lowest nonce that is missing, or the task that fills it',
    ),
  intent,
  intentHash: hash32,
  walletId: uuid,
  chainId,
  from: z.string(),
  to: z.string(),
  assetId,
  amount: units,
  decimals: wholeNumber,
  display: z.string().describe('the amount in whole units'),
  feeCeiling: units,
  policy: z
    .object({
      id: uuid.nullable(),
      version: z.int().nullable(),
      rule: z.string().nullable(),
      explanation: z.array(z.object({ rule: z.string(), matched: z.boolean(), why: z.string() })),
      prices: z.array(assetPrice).describe('by which rules over fiat amounts decided, as they stood then'),
    })
    .nullable(),
  simulation: simulation.nullable().describe('of the submission; null before it, and for a gap fill'),
  approvals: z.array(approval),
  required: z.array(groupStatus),
  attempts: z.array(attempt),
  txHash: hash32.nullable(),
  blockHeight: wholeNumber.nullable(),
  blockHash: hash32.nullable(),
  confirmations: wholeNumber,
  finalizedAt: utcTime.nullable(),
  expiresAt: utcTime
    .nullable()
    .describe('the next time-out: of the request, or of a replacement that people are asked about'),
  clientReference: z.string().nullable(),
  note: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  createdBy: uuid,
  createdAt: utcTime,
  updatedAt: utcTime,
  version: wholeNumber,
});

/** One transition of a request, as the API shows it. */
export const txEvent = z.object({
  version: wholeNumber,
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  actor: z.object({ type: z.string(), id: z.string() }),
  at: utcTime,
});

/** Something that a signer can sign now. */
export const signingTask = z.object({
  id: uuid.describe('of the task: the request itself, or its replacement'),
  kind: z
    .enum(['original', 'speed_up', 'cancel', 'gap_fill'])
    .describe('of a gap_fill the original payload is asked for'),
  transactionId: uuid,
  walletId: uuid,
  address: z.string(),
  chainId,
  since: utcTime.describe('when it was approved, or its replacement opened for signing'),
});

/** What a signer needs, and may check for himself. */
export const signingPayload = z.object({
  transactionId: uuid,
  kind: attemptKind,
  leaseId: uuid,
  fence: wholeNumber,
  expiresAt: utcTime,
  intent,
  intentHash: hash32,
  original: z
    .object({ intent, intentHash: hash32 })
    .describe('what a replacement stands in for; of the original payload the intent itself'),
  approvals: z.array(approval),
  required: z.array(groupStatus),
  evm: z.object({
    unsignedTransaction: hexBytes,
    type: z.union([z.literal(0), z.literal(2)]),
    nonce: wholeNumber,
    gasLimit: wholeNumber,
    maxFeePerGas: units,
    maxPriorityFeePerGas: units,
  }),
});
