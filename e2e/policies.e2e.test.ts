import { randomUUID } from 'node:crypto';
import { type PolicyRuleInput, ROUTES } from '@ironforge/contracts';
import { beforeAll, expect, it } from 'vitest';
import { callerWith } from './world/caller.ts';
import {
  createBody,
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

const window = { hours: 1, max: '3500' };
const RULES: PolicyRuleInput[] = [
  { name: 'hourly', when: { assetIds: [NATIVE], window }, effect: { type: 'allow' } },
  {
    name: 'above',
    when: {},
    effect: { type: 'require_approvals', groups: [{ name: 'treasury', role: 'approver', required: 2 }] },
  },
];

beforeAll(async () => {
  tenant = await foundTenant();
  const body = { name: 'limited', rules: RULES };
  policyId = (await tenant.admin.call(ROUTES.createPolicy, { body })).id;
  wallet = await openWallet(tenant);
});

async function simulate(body: object) {
  return await tenant.compliance.call(ROUTES.simulatePolicy, {
    params: { id: policyId },
    body: { ...createBody(wallet), ...body },
  });
}

it('lets no more through than a limit allows, however many ask at once, and counts what was confirmed', async () => {
  const { to } = createBody(wallet);
  const ask = async () =>
    await tenant.operator.call(ROUTES.createTransaction, {
      body: createBody(wallet, { to }),
      headers: { 'idempotency-key': randomUUID() },
    });
  const requests = await Promise.all(Array.from({ length: 12 }, ask));
  const passed = requests.filter(({ status }) => status === 'approved');
  expect(passed.map(({ policy }) => policy?.rule)).toEqual(['hourly', 'hourly', 'hourly']);
  expect(requests.filter(({ status }) => status === 'pending_approval')).toHaveLength(9);
  const [paid, cancelled] = passed;
  if (paid === undefined || cancelled === undefined) throw new Error('three passed');
  await signAndSubmit(tenant.signer, paid, wallet.key);
  await untilStatus(tenant.operator, paid, 'confirmed');
  expect((await simulate({ amount: '501' })).data).toMatchObject([{ rule: 'above' }]);
  await tenant.operator.call(ROUTES.cancelTransaction, { params: { id: cancelled.id } });
  expect((await simulate({ amount: '1500' })).data).toMatchObject([{ rule: 'hourly' }]);
  expect((await simulate({ amount: '1501' })).data).toMatchObject([
    { rule: 'above', explanation: [{ details: [{ given: '1501 beside 2000' }] }, {}] },
  ]);
});

it('shows neither past requests nor wallets to a key that may only read policies', async () => {
  const body = { name: 'rules only', permissions: ['policies:read' as const] };
  const { key } = await tenant.compliance.call(ROUTES.createApiKey, { body });
  const params = { id: policyId };
  const past = { params, body: { last: 5 } };
  expect(await callerWith(key).outcome(ROUTES.simulatePolicy, past)).toEqual({
    status: 403,
    code: 'permission_denied',
  });
  const madeUp = { params, body: createBody(wallet) };
  expect(await callerWith(key).outcome(ROUTES.simulatePolicy, madeUp)).toEqual({
    status: 404,
    code: 'not_found',
  });
  const { data } = await tenant.compliance.call(ROUTES.simulatePolicy, past);
  expect(data).toHaveLength(5);
});
