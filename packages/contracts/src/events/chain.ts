import { z } from 'zod';
import { assetId, chainId, hash32, hexBytes, units, uuid, wholeNumber } from '../scalars.ts';

/** How deep a transaction lies: in no block, in one, at depth K, or beyond undoing. Each implies those before it. */
export const depth = z.enum(['none', 'included', 'confirmed', 'finalized']);
export type Depth = z.infer<typeof depth>;

/** What a transaction may carry beside its call (EIP-2930, EIP-7702, EIP-4844). */
export const attachment = z.enum(['access_list', 'authorization_list', 'blobs']);
export type Attachment = z.infer<typeof attachment>;

/** What a deposit is known by: a transfer that a block lists, or a balance that grew without one (`internal`, or for a token `unexplained`). */
export const depositKind = z.enum(['transfer', 'internal', 'unexplained']);

/** Why nothing of a chain goes on: final blocks are gone, or every one of its nodes is of another chain. */
export const stopReason = z.enum(['forked_below_finality', 'wrong_chain']);
export type StopReason = z.infer<typeof stopReason>;

/** Where a chain is followed to. */
const followed = { chainId, height: wholeNumber, hash: hash32 };

const winner = z.object({
  attemptId: uuid,
  txHash: hash32,
  blockHeight: wholeNumber,
  blockHash: hash32,
  success: z.boolean(),
  feePaid: units,
});

/** The sender whose nonces the news is about, so that what comes together is handled together. */
const lane = z.object({ chainId, address: z.string() });

const nonceSpent = z.object({
  chainId,
  address: z.string(),
  nonce: wholeNumber,
  version: wholeNumber,
  tx: z
    .object({
      hash: hash32,
      to: z.string().nullable(),
      value: units,
      data: hexBytes,
      success: z.boolean(),
      /** EIP-2718; without EIP-1559 (types 0 and 1) both fees are the gas price. */
      type: wholeNumber,
      gasLimit: wholeNumber,
      maxFeePerGas: units,
      maxPriorityFeePerGas: units,
      attachments: z.array(attachment),
      feePaid: units,
      blockHeight: wholeNumber,
      blockHash: hash32,
    })
    .nullable(),
  depth,
  height: wholeNumber,
});

const txObserved = z.object({
  requestId: uuid,
  version: wholeNumber,
  winner: winner.nullable(),
  depth,
  height: wholeNumber,
  lane: lane.optional(),
  /** The same change as its nonce shows it: then it is not told by a `chain.nonce_spent` beside. */
  spent: nonceSpent.optional(),
});

/** So many payments of one sender are told by one message at most. */
export const MOST_OBSERVED_AT_ONCE = 50;

/** What the watcher says; the audit log hears it through `tx_request.*` and `wallet.*`, of deposits and of stopped chains itself. */
export const chainEvents = {
  'chain.address_watched': z.object({
    walletId: uuid,
    chainId,
    address: z.string(),
    fromHeight: wholeNumber,
  }),
  'chain.tx_accepted': z.object({
    requestId: uuid,
    attemptId: uuid,
    txHash: hash32,
    height: wholeNumber,
    lane: lane.optional(),
  }),
  'chain.tx_refused': z.object({
    requestId: uuid,
    attemptId: uuid,
    reason: z.enum([
      'underpriced',
      'insufficient_funds',
      'nonce_too_low',
      'refused_by_node',
      'outcome_unknown',
      'evicted',
    ]),
    detail: z.string().max(500),
    height: wholeNumber,
    lane: lane.optional(),
  }),
  'chain.tx_observed': txObserved,
  /** What one block changed about several payments of one sender, each as `chain.tx_observed` would tell it. */
  'chain.txs_observed': z.object({
    ...lane.shape,
    height: wholeNumber,
    observed: z.array(txObserved).min(2).max(MOST_OBSERVED_AT_ONCE),
  }),
  'chain.nonce_spent': nonceSpent,
  /** The whole present state of one deposit, at each change of its depth; an older version is to be ignored. */
  'chain.deposit_observed': z.object({
    depositId: uuid,
    version: wholeNumber,
    walletId: uuid,
    chainId,
    kind: depositKind,
    txHash: hash32.nullable(),
    index: wholeNumber,
    from: z.string().nullable(),
    to: z.string(),
    assetId,
    amount: units,
    loggedAmount: units.nullable(),
    fromHeight: wholeNumber.nullable(),
    blockHeight: wholeNumber.nullable(),
    blockHash: hash32.nullable(),
    depth,
    height: wholeNumber,
  }),
  /** Told to each tenant that has a wallet there, as are the two below. */
  'chain.stopped': z.object({ ...followed, reason: stopReason, finalizedHeight: wholeNumber.nullable() }),
  /** A person, the actor, took finality back to a height: what lies above is undone. */
  'chain.resumed': z.object({
    ...followed,
    finalizedHeight: wholeNumber,
    formerFinalizedHeight: wholeNumber.nullable(),
  }),
  /** It is followed again, by a person's word or because its nodes show our blocks again. */
  'chain.went_on': z.object(followed),
  'wallet.balance_observed': z.object({
    walletId: uuid,
    chainId,
    assetId,
    amount: units,
    pending: units,
    blockHeight: wholeNumber,
    blockHash: hash32,
    version: wholeNumber,
  }),
} as const;
