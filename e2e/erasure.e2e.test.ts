import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from './world/audit-log.ts';
import { callerWith } from './world/caller.ts';
import { environment } from './world/environment.ts';
import { present } from './world/present.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

interface Person {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly agent: string;
}

/** So many acts of each. */
const ACTS = 20;

let tenant: Tenant;
let database: Client;
let ana: Person;
let ben: Person;
beforeAll(async () => {
  database = new Client({ connectionString: environment.databaseUrl });
  await database.connect();
  tenant = await foundTenant();
  [ana, ben] = [await hire(), await hire()];
  for (const person of [ana, ben])
    await waitUntil('their entries', async () => (await entriesOf(person)).length > ACTS);
});
afterAll(() => database.end());

describe('a person who is erased', () => {
  it('is found nowhere afterwards, in a log that is whole, while another one can be read as before', async () => {
    const [his] = await entriesOf(ana);
    expect(await whereabouts(present(his, 'an entry'))).toMatchObject({ reply: { userAgent: ana.agent } });
    const params = { id: ana.id };
    expect(await tenant.admin.outcome(ROUTES.eraseUser, { params })).toMatchObject({
      code: 'illegal_transition',
    });
    await tenant.admin.call(ROUTES.updateUser, { params, body: { status: 'suspended' } });
    await tenant.admin.call(ROUTES.eraseUser, { params });
    await waitUntil('the entry of it', async () => (await list('user_erased')).length === 1);
    expect(await verifyLog(tenant.id)).toMatchObject({ exitCode: 0, findings: [] });
    for (const id of await entriesOf(ana))
      expect(await whereabouts(id)).toMatchObject({ status: 410, problem: { code: 'personal_data_erased' } });
    for (const id of (await entriesOf(ben)).slice(0, 3))
      expect(await whereabouts(id)).toMatchObject({ reply: { userAgent: ben.agent } });
    const shown = await tenant.admin.call(ROUTES.getUser, { params });
    expect(shown).toMatchObject({ email: null, displayName: null, status: 'deleted' });
  });

  it('and nobody else, stands in clear in any table of the log, or in any log file of a service', async () => {
    const texts = [
      await auditTables(),
      ...environment.services.map(({ logFile }) => readFileSync(logFile, 'utf8')),
    ];
    const clear = [ana, ben].flatMap(({ email, displayName, agent }) => [email, displayName, agent]);
    for (const text of clear) expect(texts.filter((said) => said.includes(text))).toEqual([]);
  });
});

describe('visitors, of whom nobody knows who they are', () => {
  it('are not erased while their month lasts, and are not found in a month without any', async () => {
    const body = { email: ben.email, password: 'not the password', tenant: tenant.id };
    expect(await callerWith().outcome(ROUTES.login, { body })).toMatchObject({ status: 401 });
    const visit = await waitUntil('the entry of it', async () => (await list('login_failed'))[0]);
    const month = visit.occurredAt.slice(0, 'yyyy-mm'.length);
    expect(visit.personal?.subject).toBe(`visitors:${month}`);
    const erase = async (of: string) =>
      await tenant.admin.outcome(ROUTES.eraseVisitors, { params: { month: of } });
    expect(await erase(month)).toEqual({ status: 409, code: 'illegal_transition' });
    expect(await erase('2020-01')).toEqual({ status: 404, code: 'not_found' });
    expect(await whereabouts(visit.id)).toMatchObject({ status: 200 });
  });
});

describe('a read of personal data', () => {
  it('is an entry: of whom, by whom', async () => {
    const { id } = tenant.compliance;
    const byOfficer = (await list('personal_data_read')).filter(({ actor }) => actor.id === id);
    expect(byOfficer[0]).toMatchObject({
      resourceType: 'audit_entry',
      details: { subject: `user:${ana.id}` },
    });
    await tenant.admin.call(ROUTES.getUser, { params: { id: ben.id } });
    await waitUntil('the entry of it', async () =>
      (await list('personal_data_read')).some(
        ({ resourceId, actor }) => resourceId === ben.id && actor.id === tenant.admin.id,
      ),
    );
  });

  it('of the log is for compliance alone', async () => {
    const params = { id: present((await entriesOf(ben))[0], 'an entry') };
    const refused = { status: 403, code: 'permission_denied' };
    for (const person of [tenant.admin, tenant.operator, tenant.approvers[0]])
      expect(await person.outcome(ROUTES.getAuditPersonal, { params })).toEqual(refused);
  });
});

/** Somebody new, who signs in and acts with a program that nobody else has. */
async function hire(): Promise<Person> {
  const name = randomBytes(6).toString('hex');
  const person = { email: `${name}@e2e.example`, displayName: `Name ${name}`, agent: `agent-${name}` };
  const { email, displayName, agent } = person;
  const password = randomBytes(18).toString('base64url');
  const body = { email, displayName, password, roles: ['user' as const] };
  const { id } = await tenant.admin.call(ROUTES.createUser, { body });
  const headers = { 'content-type': 'application/json', 'user-agent': agent };
  const post = async (path: string, content: object, bearer?: string) =>
    await callerWith(bearer).raw({ method: 'POST', path, headers, body: JSON.stringify(content) });
  const signedIn = await post('/v1/auth/login', { email, password, tenant: tenant.id });
  const { accessToken } = ROUTES.login.reply.parse(JSON.parse(signedIn.text));
  for (let n = 0; n < ACTS; n += 1) await post('/v1/api-keys', { name: `key ${n}` }, accessToken);
  return { id, ...person };
}

async function list(type: string) {
  const query = { type, limit: 200 };
  return (await tenant.compliance.call(ROUTES.listAuditEntries, { query })).data;
}

/** The ids of the entries that hold personal data of somebody. */
async function entriesOf({ id }: Person): Promise<string[]> {
  const { data } = await tenant.compliance.call(ROUTES.listAuditEntries, {
    query: { actorId: id, limit: 200 },
  });
  return data.filter(({ personal }) => personal?.subject === `user:${id}`).map((entry) => entry.id);
}

async function whereabouts(id: string) {
  return await tenant.compliance.ask(ROUTES.getAuditPersonal, { params: { id } });
}

/** All rows of the log's tables, of all tenants, as text. */
async function auditTables(): Promise<string> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'audit\\_%'`,
  );
  expect(rows.length).toBeGreaterThan(5);
  const all = [];
  for (const { name } of rows)
    all.push((await database.query(`SELECT * FROM ${database.escapeIdentifier(name)}`)).rows);
  return JSON.stringify(all);
}
