import { randomBytes } from 'node:crypto';
import { ROUTES, type Role } from '@ironforge/contracts';
import type { People, Person } from '../cast.ts';
import type { Stage } from '../stage.ts';
import type { Step } from '../step.ts';
import { claim } from '../truth.ts';

/** A tenant of this run's own, so that telling the story again never meets what an earlier run left. */
export const foundTenant: Step<null, People> = {
  name: 'tenant_and_users',
  title: 'A company joins, with its people',
  why: 'Each company is a tenant that no other can see into. Its people have one role each: who asks, who approves and who signs are different people.',
  act: async (stage) => {
    const name = `Demo ${randomBytes(4).toString('hex')}`;
    const { tenantId, admin } = await createTenant(stage, name);
    const hire = (displayName: string, role: Role) =>
      hirePerson({ stage, tenantId, admin, displayName, role });
    const [operator, ana, ben, cem, sig, compliance] = await Promise.all([
      hire('Olga Operator', 'operator'),
      hire('Ana Approver', 'approver'),
      hire('Ben Approver', 'approver'),
      hire('Cem Approver', 'approver'),
      hire('Sig Signer', 'signer'),
      hire('Cora Compliance', 'compliance'),
    ]);
    const { key: apiKey } = await sig.api.call(ROUTES.createApiKey, { body: { name: 'signing desk' } });
    const signer = { ...sig, apiKey };
    const value = { tenantId, admin, operator, approvers: [ana, ben, cem] as const, signer, compliance };
    const people = [admin, operator, ana, ben, cem, sig, compliance].map((person) => person.name);
    return { facts: { tenant: name, tenantId, people }, value };
  },
};

async function createTenant(stage: Stage, name: string): Promise<{ tenantId: string; admin: Person }> {
  const account = { email: emailOf('Ada Admin', name), password: newPassword(), displayName: 'Ada Admin' };
  const superAdmin = stage.api(stage.superAdmin.apiKey);
  const body = { name, plan: 'enterprise', admin: account } as const;
  const tenant = await superAdmin.call(ROUTES.createTenant, { body });
  return { tenantId: tenant.id, admin: await signIn(stage, tenant.id, account) };
}

interface Hiring {
  readonly stage: Stage;
  readonly tenantId: string;
  readonly admin: Person;
  readonly displayName: string;
  readonly role: Role;
}

async function hirePerson({ stage, tenantId, admin, displayName, role }: Hiring): Promise<Person> {
  const account = { email: emailOf(displayName, tenantId), password: newPassword(), displayName };
  await admin.api.call(ROUTES.createUser, { body: { ...account, roles: [role] } });
  const person = await signIn(stage, tenantId, account);
  const { roles } = await person.api.call(ROUTES.getMe);
  claim(`${displayName} is ${role} and nothing else`, roles.join() === role);
  return person;
}

async function signIn(stage: Stage, tenantId: string, account: Account): Promise<Person> {
  const { email, password, displayName } = account;
  const tokens = await stage.api().call(ROUTES.login, { body: { email, password, tenant: tenantId } });
  const api = stage.api(tokens.accessToken);
  const me = await api.call(ROUTES.getMe);
  claim(`${displayName} belongs to the new tenant`, me.tenantId === tenantId);
  return { id: me.id, name: displayName, api };
}

interface Account {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

function emailOf(displayName: string, company: string): string {
  const words = (text: string) => text.toLowerCase().replaceAll(' ', '-');
  return `${words(displayName)}@${words(company)}.example`;
}

function newPassword(): string {
  return randomBytes(18).toString('base64url');
}
