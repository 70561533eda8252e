import { z } from 'zod';
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
});

const speed = z.object({ maxFeePerGas: units, maxPriorityFeePerGas: units });

const walletTransaction = z.object({
  id: uuid,
  direction: z.enum(['in', 'out']),
  txHash: hash32,
  index: wholeNumber,
  from: z.string(),
  to: z.string().nullable(),
  assetId,
  amount: units,
  fee: units.nullable(),
  blockHeight: wholeNumber.nullable(),
  blockHash: hash32.nullable(),
  confirmations: wholeNumber,
  status: z.enum(['pending', 'confirmed', 'failed', 'reorged']),
  transactionId: uuid.nullable(),
  timestamp: utcTime,
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
} as const;
