import { z } from 'zod';
import { depositKind, stopReason } from '../events/chain.ts';
import { route } from '../route.ts';
import { assetId, chainId, hash32, page, pageOf, units, utcTime, uuid, wholeNumber } from '../scalars.ts';

const service = 'chain-watcher';

const chain = z.object({
  chainId,
  name: z.string(),
  kind: z.enum(['evm', 'bitcoin', 'ton']),
  nativeAssetId: assetId,
  nativeSymbol: z.string(),
  decimals: wholeNumber,
  confirmations: wholeNumber.describe('depth K'),
  head: z.object({ height: wholeNumber, hash: hash32, time: utcTime }).nullable(),
  finalizedHeight: wholeNumber.nullable(),
  status: z.enum(['following', 'behind', 'stopped']),
  stopReason: stopReason.nullable(),
});

const speed = z.object({ maxFeePerGas: units, maxPriorityFeePerGas: units });

const moved = {
  kind: depositKind,
  txHash: hash32.nullable().describe('null where no transaction shows it'),
  index: wholeNumber,
  from: z.string().nullable(),
  to: z.string().nullable(),
  assetId,
  amount: units.describe('by which the balance moved'),
  loggedAmount: units
    .nullable()
    .describe("what the token's log says, where the balance moved by another amount"),
  fromHeight: wholeNumber
    .nullable()
    .describe('where no transaction shows it: between this height and blockHeight'),
};

const walletTransaction = z.object({
  id: uuid,
  direction: z.enum(['in', 'out']),
  ...moved,
  fee: units.nullable(),
  blockHeight: wholeNumber.nullable(),
  blockHash: hash32.nullable(),
  confirmations: wholeNumber,
  status: z.enum(['pending', 'confirmed', 'failed', 'reorged']),
  transactionId: uuid.nullable(),
  timestamp: utcTime,
});

const depositStatus = z.enum(['pending', 'confirmed', 'reorged']);

const deposit = z.object({
  id: uuid,
  walletId: uuid,
  chainId,
  ...moved,
  blockHeight: wholeNumber.nullable(),
  blockHash: hash32.nullable(),
  confirmations: wholeNumber,
  status: depositStatus,
  isFinal: z.boolean().describe('it cannot be undone any more'),
  timestamp: utcTime,
});

const quarantined = z.object({
  id: uuid,
  walletId: uuid,
  chainId,
  txHash: hash32,
  index: wholeNumber,
  from: z.string(),
  to: z.string(),
  assetId,
  amount: units.describe('what the log of an unknown contract says: nothing that could be relied on'),
  blockHeight: wholeNumber,
  blockHash: hash32,
  confirmations: wholeNumber,
  timestamp: utcTime,
});

const backfill = z.object({
  id: uuid,
  walletId: uuid,
  chainId,
  fromHeight: wholeNumber,
  toHeight: wholeNumber.describe('from the next block on the wallet is watched'),
  nextHeight: wholeNumber.describe('the blocks below are read'),
  status: z.enum(['running', 'done']),
  createdAt: utcTime,
  updatedAt: utcTime,
});

/** What the chains show. */
export const chainWatcherRoutes = {
  listChains: route({
    method: 'GET',
    path: '/v1/chains',
    service,
    access: 'authenticated',
    summary: 'The chains of this installation and how far each is followed',
    reply: z.object({ data: z.array(chain), nextCursor: z.null() }),
  }),
  resumeChain: route({
    method: 'POST',
    path: '/v1/chains/resume',
    service,
    access: 'chains:resume',
    summary: 'Let a chain that stopped undo final blocks: those above a height that stays final',
    body: z.strictObject({
      chainId,
      finalizedHeight: wholeNumber.describe('the newest block that is not undone'),
    }),
    reply: z.object({ chainId, finalizedHeight: wholeNumber }),
    errors: ['chain_not_stopped'],
  }),
  getFees: route({
    method: 'GET',
    path: '/v1/fees',
    service,
    access: 'wallets:read',
    summary: 'What the network asks for now',
    query: z.strictObject({ chainId }),
    reply: z.object({ slow: speed, standard: speed, fast: speed, asOf: utcTime }),
    errors: ['unknown_chain', 'dependency_down'],
  }),
  listWalletTransactions: route({
    method: 'GET',
    path: '/v1/wallets/{id}/transactions',
    service,
    access: 'wallets:read',
    summary: 'What the chain showed for a wallet',
    params: z.strictObject({ id: uuid }),
    query: z.strictObject(page),
    reply: pageOf(walletTransaction),
  }),
  createBackfill: route({
    method: 'POST',
    path: '/v1/wallets/{id}/backfills',
    service,
    access: 'wallets:write',
    summary: 'Read the blocks from a height to where the wallet began to be watched',
    params: z.strictObject({ id: uuid }),
    body: z.strictObject({ fromHeight: wholeNumber }),
    reply: backfill,
    status: 201,
    idempotency: 'optional',
    errors: ['backfill_running'],
  }),
  listBackfills: route({
    method: 'GET',
    path: '/v1/wallets/{id}/backfills',
    service,
    access: 'wallets:read',
    summary: 'How far older blocks have been read for a wallet',
    params: z.strictObject({ id: uuid }),
    reply: z.object({ data: z.array(backfill), nextCursor: z.null() }),
  }),
  listDeposits: route({
    method: 'GET',
    path: '/v1/deposits',
    service,
    access: 'wallets:read',
    summary: 'What came in, of coins and of tokens that the tenant knows',
    query: z.strictObject({
      ...page,
      walletId: uuid.optional(),
      chainId: chainId.optional(),
      assetId: assetId.optional(),
      kind: depositKind.optional(),
      status: depositStatus.optional(),
    }),
    reply: pageOf(deposit),
  }),
  listQuarantinedDeposits: route({
    method: 'GET',
    path: '/v1/deposits/quarantined',
    service,
    access: 'wallets:read',
    summary:
      'What came in of tokens that the tenant does not know: in no balance, the newest hundred of a wallet',
    query: z.strictObject({ ...page, walletId: uuid.optional(), assetId: assetId.optional() }),
    reply: pageOf(quarantined),
  }),
} as const;
