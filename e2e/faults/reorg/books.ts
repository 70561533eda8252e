import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { askNode, balanceOf } from '../../world/node.ts';
import type { KeyedWallet } from '../../world/payment.ts';
import type { Tenant } from '../../world/tenant.ts';
import type { Asset } from './transfer.ts';

/** A wallet and what it holds. */
export interface Holding {
  readonly wallet: KeyedWallet;
  readonly asset: Asset;
}

/** Waits until the balances that IronForge shows are those of the node, to the last unit. */
export async function booksAgree({ operator }: Tenant, holdings: readonly Holding[]): Promise<void> {
  await waitUntil('the balances are those of the node', async () => {
    const pairs = holdings.map(async ({ wallet, asset }) => {
      const { data } = await operator.call(ROUTES.getBalances, { params: { id: wallet.id } });
      const shown = data.find(({ assetId }) => assetId === asset.assetId)?.amount;
      return shown === (await heldOf(wallet.address, asset)).toString();
    });
    return (await Promise.all(pairs)).every((isSame) => isSame);
  });
}

async function heldOf(address: string, { contract }: Asset): Promise<bigint> {
  if (contract === null) return await balanceOf(address);
  const data = `${BALANCE_OF}${address.slice(2).toLowerCase().padStart(64, '0')}`;
  return BigInt(String(await askNode('eth_call', { to: contract, data }, 'latest')));
}

/** `balanceOf(address)` (EIP-20). */
const BALANCE_OF = '0x70a08231';
