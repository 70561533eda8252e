import { z } from 'zod';
import { assetId, chainId, units, uuid, wholeNumber } from '../scalars.ts';

/** What a wallet is for. */
export const walletType = z.enum(['deposit', 'personal', 'master', 'hot', 'cold', 'trading']);
/** Where a wallet stands: `active` once the watcher has noted from which height it looks. */
export const walletStatus = z.enum(['activating', 'active', 'archived']);

/** A wallet as its events tell it. */
export const wallet = z.object({
  id: uuid,
  userId: uuid,
  chainId,
  address: z.string(),
  name: z.string(),
  type: walletType,
  status: walletStatus,
  policyId: uuid.nullable(),
  isWatchOnly: z.boolean(),
  tags: z.array(z.string()),
});

/** A token as its events tell it. */
export const asset = z.object({
  assetId,
  chainId,
  symbol: z.string(),
  name: z.string(),
  decimals: wholeNumber,
});

/** What wallet-registry says; each event carries the whole row. */
export const walletEvents = {
  'wallet.created': z.object({ wallet }),
  'wallet.watch_asked': z.object({ wallet }),
  'wallet.activated': z.object({ wallet, fromHeight: wholeNumber }),
  'wallet.updated': z.object({ wallet }),
  'wallet.archived': z.object({ wallet }),
  'wallet.balance_changed': z.object({
    walletId: uuid,
    chainId,
    assetId,
    oldBalance: units,
    newBalance: units,
    blockHeight: wholeNumber,
    version: wholeNumber,
  }),
  'asset.created': z.object({ asset }),
} as const;
