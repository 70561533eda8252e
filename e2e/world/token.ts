import { ROUTES } from '@ironforge/contracts';
import { tokenCode, transferCall, waitUntil } from '@ironforge/testing';
import { getAddress } from 'ethers';
import { z } from 'zod';
import { chain } from './environment.ts';
import { askNode } from './node.ts';
import { present } from './present.ts';
import type { Tenant } from './tenant.ts';

/** A token of a test; its asset id is CAIP-19. */
export interface Token {
  readonly contract: string;
  readonly assetId: string;
}

/** Deploys a token that keeps so many of a hundred units of each transfer. */
export async function deployToken(rules: { readonly feePercent: number }): Promise<Token> {
  const contract = getAddress(present(await fromFaucet({ data: tokenCode(rules) }), 'its contract'));
  return { contract, assetId: `${chain.chainId}/erc20:${contract}` };
}

/** Lets a tenant's wallets hold a token. */
export async function registerToken({ operator }: Tenant, { assetId }: Token): Promise<void> {
  const token = { chainId: chain.chainId, symbol: 'TOK', name: 'Token', decimals: 2 };
  await operator.call(ROUTES.createAsset, { body: { assetId, ...token } });
}

/** Gives units of a token to an address. */
export async function fundToken({ contract }: Token, address: string, units: bigint): Promise<void> {
  await fromFaucet({ to: contract, data: transferCall(address, units) });
}

/** Has the faucet send a transaction, and waits until it is mined; gives the address of a contract that came of it. */
export async function fromFaucet(transaction: Readonly<Record<string, string>>): Promise<string | null> {
  const { address: from } = present(chain.faucet, 'a faucet');
  const hash = await askNode('eth_sendTransaction', { gas: '0x100000', ...transaction, from });
  const receipt = await waitUntil('it is mined', () => askNode('eth_getTransactionReceipt', hash));
  return Receipt.parse(receipt).contractAddress;
}

const Receipt = z.object({ contractAddress: z.string().nullable() });
