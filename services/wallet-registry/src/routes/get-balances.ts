import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind, type UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { knownAssets } from '../assets/known-assets.ts';
import { listBalances, type WalletFunds } from '../assets/list-balances.ts';
import type { RegistryDeps } from '../deps.ts';
import { sumHolds } from '../queries/balance-holds.ts';
import { findBalances } from '../queries/token-balances.ts';
import { findWallet } from '../queries/wallets.ts';
import { seenBy } from '../wallets/visibility.ts';

/** The balances of a wallet: its chain's coin, and every token that was seen on it. */
export function getBalances(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.getBalances, async ({ params, caller }) => {
    const funds = await deps.store
      .forTenant(caller.tenantId)
      .transaction((tx) => readFunds(deps, tx, { caller, walletId: params.id }));
    return { status: 200, body: { data: listBalances(funds), nextCursor: null } };
  });
}

interface Asked {
  readonly caller: UserCaller;
  readonly walletId: string;
}

async function readFunds(
  { chains }: RegistryDeps,
  tx: Tx,
  { caller, walletId }: Asked,
): Promise<WalletFunds> {
  const { tenantId } = caller;
  const wallet = seenBy(caller, await findWallet(tx, tenantId, walletId));
  const balances = await findBalances(tx, tenantId, walletId);
  const holds = await sumHolds(tx, tenantId, walletId);
  const coinId = chains.find(wallet.chain_id)?.nativeAssetId ?? null;
  const assetIds = [...balances.map((balance) => balance.asset_id), ...(coinId === null ? [] : [coinId])];
  return { coinId, balances, holds, assets: await knownAssets(tx, { chains, tenantId }, assetIds) };
}
