import { type Role, type Route, ROUTES, type RouteAnswer } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Wallet } from 'ethers';
import { beforeAll, describe, expect, it } from 'vitest';
import { changeOf } from './world/caller.ts';
import { chain } from './world/environment.ts';
import { askToPay, openWallet } from './world/payment.ts';
import { foundTenant, hirePerson, type Person, type Tenant } from './world/tenant.ts';

let tenant: Tenant;
let policyId: string;

const allow = { type: 'allow' as const };
const groups = [{ name: 'treasury', role: 'approver' as const, required: 2 }];
const RULES = [
  { name: 'payroll', when: { walletTags: ['payroll'] }, effect: allow },
  { name: 'rest', when: {}, effect: { type: 'require_approvals' as const, groups } },
];

beforeAll(async () => {
  tenant = await foundTenant();
  const body = { name: 'two of three', rules: RULES };
  policyId = (await tenant.admin.call(ROUTES.createPolicy, { body })).id;
});

async function decide(person: Person, id: string, decision: 'approve' | 'reject' = 'approve') {
  const params = { id };
  const { changeHash } = await person.call(ROUTES.getChange, { params });
  return await person.call(ROUTES.decideChange, { params, body: { decision, changeHash } });
}

/** Both approvals of the treasury, and what came of them. */
async function approved(answer: RouteAnswer<Route>): Promise<string> {
  const { changeId, subjectId } = changeOf(answer);
  const [ann, ben] = tenant.approvers;
  expect(await decide(ann, changeId)).toMatchObject({ status: 'pending' });
  await decide(ben, changeId);
  await waitUntil('the change to be applied', async () => {
    const { status } = await ann.call(ROUTES.getChange, { params: { id: changeId } });
    return status === 'applied';
  });
  return subjectId;
}

describe('after the first policy no road leads around its approvers', () => {
  it('a policy, its rules and the place of the default change by their quorum', async () => {
    const lax = { name: 'lax', isDefault: true, rules: [{ name: 'all', when: {}, effect: allow }] };
    const wallet = await openWallet(tenant);
    await tenant.admin.ask(ROUTES.createPolicy, { body: lax });
    const params = { id: policyId };
    const edit = await tenant.admin.ask(ROUTES.updatePolicy, { params, body: { rules: lax.rules } });
    expect(await askToPay(tenant.operator, wallet)).toMatchObject({ status: 'pending_approval' });
    const { changeId } = changeOf(edit);
    const body = { decision: 'approve' as const, changeHash: changeOf(edit).changeHash };
    const decision = { params: { id: changeId }, body };
    for (const person of [tenant.admin, tenant.operator, tenant.compliance])
      expect(await person.outcome(ROUTES.decideChange, decision)).toMatchObject({ status: 403 });
    expect(await decide(tenant.approvers[2], changeId, 'reject')).toMatchObject({ status: 'rejected' });
    expect(await tenant.admin.call(ROUTES.getPolicy, { params })).toMatchObject({ version: 1 });
  });

  it('a role that approves is granted by it, to a new user and to an old one, and so is a return', async () => {
    const account = { email: `${Wallet.createRandom().address}@e2e.example`, displayName: 'Puppet' };
    const body = { ...account, roles: ['approver' as const] };
    const hired = await tenant.admin.ask(ROUTES.createUser, { body });
    const puppet = { params: { id: changeOf(hired).subjectId } };
    expect(await tenant.admin.call(ROUTES.getUser, puppet)).toMatchObject({ status: 'suspended' });
    const { id } = await hirePerson(tenant.admin, tenant.id, 'signer');
    const grant = (roles: Role[]) => tenant.admin.ask(ROUTES.updateUser, { params: { id }, body: { roles } });
    for (const role of ['approver', 'admin'] as const) changeOf(await grant(['signer', role]));
    expect((await tenant.admin.call(ROUTES.getUser, { params: { id } })).roles).toEqual(['signer']);
    await approved(await grant(['approver']));
    expect((await tenant.admin.call(ROUTES.getUser, { params: { id } })).roles).toEqual(['approver']);
    const turn = (status: 'active' | 'suspended') =>
      tenant.admin.ask(ROUTES.updateUser, { params: { id }, body: { status } });
    expect(await turn('suspended')).toMatchObject({ reply: { status: 'suspended' } });
    changeOf(await turn('active'));
  });

  it('a tag that a rule reads and a wallet’s policy are set by it, and a policy has to be there', async () => {
    const wallet = await openWallet(tenant);
    const patch = (person: Person, body: { tags?: string[]; policyId?: string }) =>
      person.ask(ROUTES.updateWallet, { params: { id: wallet.id }, body });
    expect(await patch(tenant.operator, { tags: ['blue'] })).toMatchObject({ reply: { tags: ['blue'] } });
    const tagged = await patch(tenant.operator, { tags: ['blue', 'payroll'] });
    expect(await askToPay(tenant.operator, wallet)).toMatchObject({ status: 'pending_approval' });
    await approved(tagged);
    expect(await askToPay(tenant.operator, wallet)).toMatchObject({ status: 'approved' });
    changeOf(await patch(tenant.admin, { policyId }));
    expect(await patch(tenant.admin, { policyId: wallet.id })).toMatchObject({ problem: { status: 422 } });
    const { address } = Wallet.createRandom();
    const body = { chainId: chain.chainId, name: 'w', type: 'hot' as const, address, tags: ['payroll'] };
    const id = await approved(await tenant.operator.ask(ROUTES.createWallet, { body }));
    expect(await tenant.operator.call(ROUTES.getWallet, { params: { id } })).toMatchObject({ address });
  });

  it('its author takes it back, and every step is in the audit log', async () => {
    const body = { name: 'lax', rules: [{ name: 'all', when: {}, effect: allow }] };
    const { changeId } = changeOf(await tenant.admin.ask(ROUTES.createPolicy, { body }));
    await tenant.admin.call(ROUTES.cancelChange, { params: { id: changeId } });
    const types = await waitUntil('both entries', async () => {
      const query = { resourceType: 'change', resourceId: changeId };
      const { data } = await tenant.compliance.call(ROUTES.listAuditEntries, { query });
      return data.length === 2 ? data.map(({ type }) => type) : null;
    });
    expect(types).toEqual(['change_proposed', 'change_cancelled']);
  });
});
