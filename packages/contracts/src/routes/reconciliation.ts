import { z } from 'zod';
import { route } from '../route.ts';
import { assetId, chainId, hash32, hexBytes, units, utcTime, uuid, wholeNumber } from '../scalars.ts';

const service = 'chain-watcher';

/** How many blocks one call compares at most. */
export const RECONCILED_BLOCKS = 50;

/** Everything that chain and database can differ in. */
export const differenceKind = z.enum([
  'missing_transfer',
  'transfer_not_on_chain',
  'wrong_amount',
  'wrong_transfer',
  'wrong_block',
  'missing_nonce',
  'nonce_not_on_chain',
  'wrong_nonce',
  'wrong_winner',
  'unknown_transaction',
  'wrong_block_hash',
  'cursor_ahead',
]);
export type DifferenceKind = z.infer<typeof differenceKind>;

/** One of them: what was looked at, what the chain says, what is stored; null is nothing at all. */
export const difference = z.object({
  kind: differenceKind,
  height: wholeNumber,
  subject: z.string().describe('a transaction, a nonce of an address, or a block'),
  onChain: z.string().nullable(),
  stored: z.string().nullable(),
});
export type Difference = z.infer<typeof difference>;

/** A transaction that a wallet of the tenant sent, as the chain has it. */
export const sentTransaction = z.object({
  txHash: hash32,
  from: z.string(),
  nonce: wholeNumber,
  to: z.string().nullable(),
  value: units,
  data: hexBytes,
  success: z.boolean(),
  blockHeight: wholeNumber,
  blockHash: hash32,
});

/** What a reconciliation asks of the watcher, which alone reads chains. */
export const reconciliationRoutes = {
  reconcileChain: route({
    method: 'GET',
    path: '/v1/chains/reconciliation',
    service,
    access: 'audit:read',
    summary: 'Compare some blocks of a chain with what is stored of them for the tenant',
    query: z.strictObject({
      chainId,
      from: z.coerce.number().pipe(wholeNumber),
      count: z.coerce.number().pipe(z.int().min(1).max(RECONCILED_BLOCKS)).default(RECONCILED_BLOCKS),
    }),
    reply: z.object({
      from: wholeNumber,
      to: wholeNumber.nullable().describe('the last block compared; null when none of these is followed yet'),
      head: wholeNumber.describe('the newest block that is followed'),
      differences: z.array(difference),
      sent: z.array(sentTransaction).describe('what wallets of the tenant sent, as the chain has it'),
      asOf: utcTime,
    }),
    errors: ['unknown_chain', 'dependency_down'],
  }),
  getBalancesOnChain: route({
    method: 'GET',
    path: '/v1/wallets/{id}/balances-on-chain',
    service,
    access: 'audit:read',
    summary:
      'What a node says that a wallet holds, right after the newest block that is followed; what it would not tell is left out',
    params: z.strictObject({ id: uuid }),
    reply: z.object({
      blockHeight: wholeNumber,
      data: z.array(z.object({ assetId, amount: units })),
    }),
    errors: ['dependency_down'],
  }),
} as const;
