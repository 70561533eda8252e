import { randomBytes } from 'node:crypto';
import { ROUTES, type Role } from '@ironforge/contracts';
import { type Caller, callerWith } from './caller.ts';
import { environment } from './environment.ts';
import { present } from './present.ts';

/** Somebody signed in. */
export interface Person extends Caller {
  readonly id: string;
  readonly roles: readonly Role[];
  readonly password: string;
}

/** A tenant of one test file, with one person for each part. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly admin: Person;
  readonly operator: Person;
  readonly approvers: readonly [Person, Person, Person];
  readonly signer: Person;
  readonly compliance: Person;
  readonly user: Person;
  /** Says what assets cost. */
  readonly feed: Person;
}

/** Limits that no test meets by accident. */
const WIDE = { maxWallets: 100_000, maxTransactionsPerDay: 100_000, requestsPerMinute: 1_000_000 };

/** The super_admin of the installation, who belongs to a tenant of his own. */
export const superAdmin = callerWith(
  present(
    environment.users.find(({ roles }) => roles.includes('super_admin')),
    'a super_admin',
  ).apiKey,
);

/** Founds a tenant with its people. */
export async function foundTenant(limits: Partial<typeof WIDE> = {}): Promise<Tenant> {
  const name = `e2e ${randomBytes(6).toString('hex')}`;
  const account = newAccount('Admin');
  const body = { name, plan: 'enterprise', limits: { ...WIDE, ...limits }, admin: account } as const;
  const { id } = await superAdmin.call(ROUTES.createTenant, { body });
  const admin = await signIn(id, account);
  const hire = (role: Role) => hirePerson(admin, id, role);
  const people = await Promise.all([
    hire('operator'),
    hire('approver'),
    hire('approver'),
    hire('approver'),
    hire('signer'),
    hire('compliance'),
    hire('user'),
    hire('price_feed'),
  ]);
  const [operator, ana, ben, cem, signer, compliance, user, feed] = people;
  return { id, name, admin, operator, approvers: [ana, ben, cem], signer, compliance, user, feed };
}

/** Adds a user with a role to a tenant and signs in as that user. */
export async function hirePerson(admin: Caller, tenantId: string, role: Role): Promise<Person> {
  const account = newAccount(role);
  await admin.call(ROUTES.createUser, { body: { ...account, roles: [role] } });
  return signIn(tenantId, account);
}

interface Account {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

async function signIn(tenant: string, { email, password }: Account): Promise<Person> {
  const tokens = await callerWith().call(ROUTES.login, { body: { email, password, tenant } });
  const caller = callerWith(tokens.accessToken);
  const { id, roles } = await caller.call(ROUTES.getMe);
  return { ...caller, id, roles, password };
}

function newAccount(displayName: string): Account {
  const name = randomBytes(6).toString('hex');
  return { email: `${name}@e2e.example`, password: randomBytes(18).toString('base64url'), displayName };
}
