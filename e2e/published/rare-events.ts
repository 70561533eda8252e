import { randomBytes } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { Wallet } from 'ethers';
import { callerWith } from '../world/caller.ts';
import { chain } from '../world/environment.ts';
import { openWallet } from '../world/payment.ts';
import { foundTenant, superAdmin, type Tenant } from '../world/tenant.ts';

const nobody = callerWith();

/** Does what the other files have no reason to do, so that its events are published too. */
export async function makeRareEvents(): Promise<void> {
  const tenant = await foundTenant();
  await endSessions(tenant);
  await withdrawRights(tenant);
  const { id } = await openWallet(tenant);
  await tenant.operator.call(ROUTES.archiveWallet, { params: { id } });
  await blockAndUnblock(tenant);
  const body = { status: 'suspended' as const };
  await superAdmin.call(ROUTES.updateTenant, { params: { id: tenant.id }, body });
}

async function blockAndUnblock({ operator, admin }: Tenant): Promise<void> {
  const place = { chainId: chain.chainId, address: Wallet.createRandom().address, label: 'E' };
  const payee = await operator.call(ROUTES.createAddressEntry, { body: { ...place, isShared: true } });
  await admin.call(ROUTES.verifyAddressEntry, { params: { id: payee.id } });
  const body = { ...place, kind: 'blocked' as const };
  const { id } = await operator.call(ROUTES.createAddressEntry, { body });
  for (const person of [operator, admin]) await person.call(ROUTES.removeAddressEntry, { params: { id } });
}

async function endSessions({ admin, id: tenant }: Tenant): Promise<void> {
  const email = `${randomBytes(6).toString('hex')}@e2e.example`;
  let password = randomBytes(18).toString('base64url');
  await admin.call(ROUTES.createUser, { body: { email, password, displayName: 'E', roles: ['user'] } });
  const signIn = () => nobody.call(ROUTES.login, { body: { email, password, tenant } });
  const { refreshToken } = await signIn();
  await nobody.call(ROUTES.refresh, { body: { refreshToken } });
  await nobody.outcome(ROUTES.refresh, { body: { refreshToken } });
  const change = { currentPassword: password, newPassword: randomBytes(18).toString('base64url') };
  await callerWith((await signIn()).accessToken).call(ROUTES.changePassword, { body: change });
  password = change.newPassword;
  await nobody.call(ROUTES.logout, { body: { refreshToken: (await signIn()).refreshToken } });
}

async function withdrawRights({ admin, user }: Tenant): Promise<void> {
  const key = await admin.call(ROUTES.createApiKey, { body: { name: 'e2e' } });
  await admin.call(ROUTES.deleteApiKey, { params: { id: key.id } });
  await admin.call(ROUTES.updateUser, { params: { id: user.id }, body: { status: 'suspended' } });
}
