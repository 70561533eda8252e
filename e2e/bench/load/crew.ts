import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { type HDNodeWallet, type SigningKey, Wallet } from 'ethers';
import { chain, environment } from '../../world/environment.ts';
import { allowAll, NATIVE, requireTwoOfThree } from '../../world/payment.ts';
import { foundTenant, type Person, type Tenant } from '../../world/tenant.ts';
import type { Profile } from '../options.ts';
import { type Client, openClient } from './client.ts';
import { deployToken } from './token.ts';
import { GAS, sendAll, treasurer } from './treasury.ts';

/** A wallet that pays. */
export interface Payer {
  readonly id: string;
  readonly address: string;
  readonly key: SigningKey;
}

/** A tenant of one load: who asks, approves and signs, and who pays. */
export interface Crew {
  readonly tenant: Tenant;
  readonly profile: Profile;
  readonly operator: Client;
  readonly approvers: readonly Client[];
  readonly signer: Client;
  readonly payers: readonly Payer[];
  readonly native: string;
  readonly token: string;
}

const PAYERS = 10;
const WEI_EACH = 10n ** 18n;

/** Founds a tenant with the policy of the profile and ten wallets that hold ether and a token. */
export async function hireCrew(profile: Profile, payers = PAYERS): Promise<Crew> {
  const tenant = await foundTenant();
  await (profile === 'P' ? allowAll(tenant) : requireTwoOfThree(tenant));
  const [operator, signer, ...approvers] = await Promise.all(
    [tenant.operator, tenant.signer, tenant.approvers[0], tenant.approvers[1]].map(withKey),
  );
  if (operator === undefined || signer === undefined) throw new Error('a caller for each person');
  const wallets = Array.from({ length: payers }, () => Wallet.createRandom());
  const own = wallets.map(({ address }) => ({ to: address, value: WEI_EACH, gasLimit: GAS.native }));
  await sendAll(treasurer(), own);
  const token = await deployToken(wallets.map(({ address }) => address));
  const body = { assetId: token, chainId: chain.chainId, symbol: 'BENCH', name: 'Bench', decimals: 6 };
  await tenant.admin.call(ROUTES.createAsset, { body });
  const open = await Promise.all(wallets.map((wallet) => register(tenant, wallet)));
  return { tenant, profile, operator, approvers, signer, payers: open, native: NATIVE, token };
}

/** Keys of the API live longer than a session, so a bench may take its time. */
async function withKey(person: Person): Promise<Client> {
  const { key } = await person.call(ROUTES.createApiKey, { body: { name: 'bench' } });
  return openClient(environment.gatewayUrl, key);
}

async function register(tenant: Tenant, { address, signingKey }: HDNodeWallet): Promise<Payer> {
  const body = { chainId: chain.chainId, name: 'bench', type: 'hot', address } as const;
  const { id } = await tenant.operator.call(ROUTES.createWallet, { body });
  await waitUntil('the wallet is active', async () => {
    const { status } = await tenant.operator.call(ROUTES.getWallet, { params: { id } });
    return status === 'active';
  });
  return { id, address, key: signingKey };
}
