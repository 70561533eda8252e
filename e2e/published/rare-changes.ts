import { ROUTES, type Route, type RouteAnswer } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { changeOf } from '../world/caller.ts';
import { openWallet } from '../world/payment.ts';
import { foundTenant, type Person, type Tenant } from '../world/tenant.ts';
import { pidOf } from '../faults/fleet.ts';

const TAG = 'payroll';

/** Changes that are too late, or lose who approved them while they wait for another service. */
export async function makeRareChanges(): Promise<void> {
  const tenant = await foundTenant();
  const groups = [{ name: 'treasury', role: 'approver' as const, required: 2 }];
  const rules = [
    { name: 'tagged', when: { walletTags: [TAG] }, effect: { type: 'allow' as const } },
    { name: 'rest', when: {}, effect: { type: 'require_approvals' as const, groups } },
  ];
  const { id } = await tenant.admin.call(ROUTES.createPolicy, { body: { name: 'two of three', rules } });
  await loseQuorum(tenant, id);
  await comeTooLate(tenant, id);
}

/** Two new names for one policy: the second is based on what the first has changed. */
async function comeTooLate({ admin, approvers: [, ben, cem] }: Tenant, id: string): Promise<void> {
  const changes = [await rename(admin, id, 'first'), await rename(admin, id, 'second')].map(changeOf);
  for (const change of changes) for (const one of [ben, cem]) await approve(one, change);
  for (const [index, end] of ['applied', 'refused'].entries())
    await untilChange(ben, changes[index]?.changeId ?? '', end);
}

/** While wallet-registry stands still, a wallet's tag waits for it and a policy waits for the tag; then an approver has to go. */
async function loseQuorum(tenant: Tenant, policyId: string): Promise<void> {
  const { admin, operator, approvers } = tenant;
  const [ana, ben, cem] = approvers;
  const wallet = await openWallet(tenant);
  const body = { tags: [TAG] };
  const tag = changeOf(await operator.ask(ROUTES.updateWallet, { params: { id: wallet.id }, body }));
  const name = changeOf(await rename(admin, policyId, 'renamed'));
  const registry = pidOf('wallet-registry');
  process.kill(registry, 'SIGSTOP');
  try {
    for (const change of [tag, name]) {
      // Whoever decides waits for what stands still.
      for (const one of [ana, ben]) approve(one, change).catch(() => undefined);
      await untilChange(cem, change.changeId, 'approved');
    }
    await admin.call(ROUTES.updateUser, { params: { id: ana.id }, body: { status: 'suspended' } });
  } finally {
    process.kill(registry, 'SIGCONT');
  }
  await untilChange(cem, tag.changeId, 'applied');
  await untilChange(cem, name.changeId, 'pending');
  await approve(cem, name);
  await untilChange(cem, name.changeId, 'applied');
}

function rename(admin: Person, id: string, name: string): Promise<RouteAnswer<Route>> {
  return admin.ask(ROUTES.updatePolicy, { params: { id }, body: { name } });
}

async function approve(person: Person, { changeId, changeHash }: { changeId: string; changeHash: string }) {
  const body = { decision: 'approve' as const, changeHash };
  await person.call(ROUTES.decideChange, { params: { id: changeId }, body });
}

async function untilChange(person: Person, id: string, wanted: string): Promise<void> {
  await waitUntil(`the change is ${wanted}`, async () => {
    const { status } = await person.call(ROUTES.getChange, { params: { id } });
    return status === wanted;
  });
}
