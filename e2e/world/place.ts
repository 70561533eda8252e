import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { type HDNodeWallet, Wallet } from 'ethers';
import { environment } from './environment.ts';
import { askNodeAt } from './node.ts';
import { type KeyedWallet, ETHER } from './payment.ts';
import { present } from './present.ts';
import type { Tenant } from './tenant.ts';

/** One chain of the installation, and what people do on it outside of us. */
export interface Place {
  readonly chainId: string;
  /** Registers a wallet with this key, endows it and waits until it is active. */
  openWallet(tenant: Tenant, key: HDNodeWallet): Promise<KeyedWallet>;
  /** Pays from a new account, and gives the hash. */
  deposit(to: string, wei: bigint): Promise<string>;
  minedCount(address: string): Promise<number>;
}

/** The chain at this place of the installation's list. */
export function placeAt(index: number): Place {
  const { chainId, rpcUrl } = present(environment.chains[index], `chain ${index}`);
  const ask = (method: string, ...params: unknown[]) => askNodeAt(rpcUrl, method, ...params);
  const endow = (address: string) => ask('anvil_setBalance', address, `0x${(1_000n * ETHER).toString(16)}`);
  return {
    chainId,
    openWallet: async (tenant, { address, signingKey }) => {
      await endow(address);
      return { id: await register(tenant, chainId, address), address, key: signingKey };
    },
    deposit: async (to, value) => {
      const payer = Wallet.createRandom();
      await endow(payer.address);
      const gasPrice = 2n * BigInt(String(await ask('eth_gasPrice')));
      const fields = {
        type: 0,
        nonce: 0,
        gasLimit: 21_000n,
        gasPrice,
        chainId: chainId.replace('eip155:', ''),
      };
      return String(
        await ask('eth_sendRawTransaction', await payer.signTransaction({ to, value, ...fields })),
      );
    },
    minedCount: async (address) => Number(await ask('eth_getTransactionCount', address, 'latest')),
  };
}

async function register({ operator }: Tenant, chainId: string, address: string): Promise<string> {
  const { id } = await operator.call(ROUTES.createWallet, {
    body: { chainId, name: 'e2e', type: 'hot', address },
  });
  await waitUntil(`the wallet is active on ${chainId}`, async () => {
    const { status } = await operator.call(ROUTES.getWallet, { params: { id } });
    return status === 'active';
  });
  return id;
}
