import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { beforeAll, expect, it } from 'vitest';
import { callerWith, changeOf } from './world/caller.ts';
import {
  askToPay,
  createBody,
  ETHER,
  type KeyedWallet,
  NATIVE,
  openWallet,
  signAndSubmit,
  untilStatus,
} from './world/payment.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

let tenant: Tenant;
let wallet: KeyedWallet;
let policyId: string;

beforeAll(async () => {
  tenant = await foundTenant();
  const groups = [{ name: 'treasury', role: 'approver' as const, required: 1 }];
  const fiatAmount = { currency: 'USD', max: '5000', maxAgeSeconds: 86_400 };
  const rules = [
    { name: 'up to 5,000 USD', when: { fiatAmount }, effect: { type: 'allow' as const } },
    { name: 'above', when: {}, effect: { type: 'require_approvals' as const, groups } },
  ];
  policyId = (await tenant.admin.call(ROUTES.createPolicy, { body: { name: 'in dollars', rules } })).id;
  wallet = await openWallet(tenant);
});

async function push(price: string): Promise<void> {
  const { key } = await tenant.feed.call(ROUTES.createApiKey, { body: { name: randomUUID() } });
  const observed = { assetId: NATIVE, currency: 'USD', price, decimals: 18, source: 'exchange' };
  const prices = [{ ...observed, observedAt: new Date().toISOString() }];
  await callerWith(key).call(ROUTES.pushPrices, { body: { prices } });
}

const pay = (amount: bigint) => askToPay(tenant.operator, wallet, { amount: amount.toString() });

it('a limit in dollars lets through what is worth no more, by a price that stays with the payment', async () => {
  const unpriced = await pay(ETHER);
  expect(unpriced).toMatchObject({ status: 'rejected', reason: 'policy_denied' });
  expect(unpriced.policy?.explanation[0]?.why).toContain('there is no price in USD');
  await push('2500');
  const [exact, above] = [await pay(2n * ETHER), await pay(2n * ETHER + 1n)];
  expect([exact.status, above.status]).toEqual(['approved', 'pending_approval']);
  await push('90000');
  const shown = { policy: { prices: [{ currency: 'USD', price: '2500', source: 'exchange' }] } };
  await signAndSubmit(tenant.signer, exact, wallet.key);
  expect(await untilStatus(tenant.operator, exact, 'confirmed')).toMatchObject(shown);
  const body = createBody(wallet, { amount: ETHER.toString() });
  const { data } = await tenant.compliance.call(ROUTES.simulatePolicy, { params: { id: policyId }, body });
  expect(data).toMatchObject([{ rule: 'above', prices: [{ price: '90000' }] }]);
});

it('whoever may name prices is named by the approvers, where a rule reads them', async () => {
  const account = { email: `${randomUUID()}@e2e.example`, displayName: 'Feed' };
  const hired = await tenant.admin.ask(ROUTES.createUser, { body: { ...account, roles: ['price_feed'] } });
  const { subjectId: id } = changeOf(hired);
  expect(await tenant.admin.call(ROUTES.getUser, { params: { id } })).toMatchObject({ status: 'suspended' });
});
