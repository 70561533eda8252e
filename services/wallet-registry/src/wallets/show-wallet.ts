import type { Wallet } from '../queries/wallets.ts';
import { walletMetadata, walletStatus, walletType } from './closed-lists.ts';

/** A wallet as clients see it. */
export function showWallet(wallet: Wallet) {
  return {
    ...describeWallet(wallet),
    isDefault: wallet.is_default,
    metadata: walletMetadata.parse(wallet.metadata),
    createdAt: wallet.created_at.toISOString(),
    updatedAt: wallet.updated_at.toISOString(),
  };
}

/** A wallet as other services learn it; without the client's own data. */
export function describeWallet(wallet: Wallet) {
  return {
    id: wallet.id,
    userId: wallet.user_id,
    chainId: wallet.chain_id,
    address: wallet.address,
    name: wallet.name,
    type: walletType.parse(wallet.type),
    status: walletStatus.parse(wallet.status),
    policyId: wallet.policy_id,
    isWatchOnly: wallet.is_watch_only,
    tags: [...wallet.tags],
  };
}
