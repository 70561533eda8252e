import { z } from 'zod';
import * as told from '../events/wallet.ts';
import { route } from '../route.ts';
import {
  addressInput,
  assetId,
  chainId,
  humanText,
  metadata,
  nameText,
  page,
  pageOf,
  units,
  utcTime,
  uuid,
  wholeNumber,
} from '../scalars.ts';

const service = 'wallet-registry';
const id = z.strictObject({ id: uuid });
const tags = z.array(nameText(50)).max(50);

const wallet = told.wallet.extend({
  isDefault: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
  createdAt: utcTime,
  updatedAt: utcTime,
});

const asset = told.asset.extend({ logoUrl: z.string().nullable() });

const balance = z.object({
  assetId,
  symbol: z.string(),
  decimals: wholeNumber,
  amount: units.describe('on the chain at blockHeight'),
  pending: units.describe('incoming below depth K'),
  available: units.describe('amount - pending - what open requests hold, never below 0'),
  blockHeight: wholeNumber.nullable(),
  asOf: utcTime.nullable(),
});

/** Wallets, assets, balances. */
export const walletRegistryRoutes = {
  createWallet: route({
    method: 'POST',
    path: '/v1/wallets',
    service,
    access: 'wallets:write',
    summary: 'Register a wallet whose keys are elsewhere',
    body: z.strictObject({
      chainId,
      name: nameText(100),
      type: told.walletType,
      address: addressInput,
      policyId: uuid.optional(),
      tags: tags.optional(),
      metadata: metadata.optional(),
      isWatchOnly: z.boolean().optional(),
      isDefault: z.boolean().optional(),
    }),
    reply: wallet,
    status: 201,
    idempotency: 'optional',
    change: 'possible',
    errors: ['wallet_exists', 'plan_limit_reached', 'secret_in_request', 'unknown_chain', 'dependency_down'],
  }),
  listWallets: route({
    method: 'GET',
    path: '/v1/wallets',
    service,
    access: 'wallets:read',
    summary: 'The wallets of the tenant',
    query: z.strictObject({
      ...page,
      chainId: chainId.optional(),
      type: told.walletType.optional(),
      tag: z.string().max(50).optional(),
      status: told.walletStatus.optional(),
      userId: uuid.optional(),
    }),
    reply: pageOf(wallet),
  }),
  getWallet: route({
    method: 'GET',
    path: '/v1/wallets/{id}',
    service,
    access: 'wallets:read',
    summary: 'One wallet',
    params: id,
    reply: wallet,
  }),
  updateWallet: route({
    method: 'PATCH',
    path: '/v1/wallets/{id}',
    service,
    access: 'wallets:write',
    summary: 'Change name, tags, metadata or default flag; the policy by an admin alone',
    params: id,
    body: z.strictObject({
      name: nameText(100).optional(),
      tags: tags.optional(),
      metadata: metadata.optional(),
      isDefault: z.boolean().optional(),
      policyId: uuid.nullable().optional(),
    }),
    reply: wallet,
    change: 'possible',
    errors: ['secret_in_request', 'illegal_transition', 'version_conflict', 'dependency_down'],
  }),
  archiveWallet: route({
    method: 'POST',
    path: '/v1/wallets/{id}/archive',
    service,
    access: 'wallets:write',
    summary: 'Close a wallet; its history stays',
    params: id,
    reply: wallet,
    idempotency: 'optional',
  }),
  getBalances: route({
    method: 'GET',
    path: '/v1/wallets/{id}/balances',
    service,
    access: 'wallets:read',
    summary: 'The balances of a wallet',
    params: id,
    reply: z.object({ data: z.array(balance), nextCursor: z.null() }),
  }),
  listAssets: route({
    method: 'GET',
    path: '/v1/assets',
    service,
    access: 'wallets:read',
    summary: 'Native coins and known tokens',
    query: z.strictObject({ ...page, chainId: chainId.optional() }),
    reply: pageOf(asset),
  }),
  createAsset: route({
    method: 'POST',
    path: '/v1/assets',
    service,
    access: 'assets:write',
    summary: 'Make a token known to the tenant',
    body: z.strictObject({
      assetId,
      chainId,
      symbol: nameText(20),
      name: nameText(100),
      decimals: z.int().min(0).max(77),
      logoUrl: humanText(2000).optional(),
    }),
    reply: asset,
    status: 201,
    idempotency: 'optional',
    errors: ['asset_exists', 'unknown_chain', 'dependency_down'],
  }),
} as const;
