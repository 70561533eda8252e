import { randomUUID } from 'node:crypto';
import { parseLogKey, verifyBundle } from '@ironforge/audit-log';
import { ROUTES } from '@ironforge/contracts';
import { branded, present, type TenantId, type UserId } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../app.ts';
import {
  createPeopledWorld,
  type Doer,
  doneBy,
  loginFailed,
  newTenant,
  type PeopledWorld,
  personOf,
  walletUpdated,
} from '../audit.fixture.ts';
import { PEOPLE } from '../identity-beside.fixture.ts';
import { createLogSigners } from '../seal/log-signers.ts';

const AUDIT_TABLES = ['audit_entries', 'audit_aggregates', 'audit_checkpoints', 'audit_sequencers'];
const [VISITOR_IP, ADA_IP, BEN_IP, CEM_IP] = ['203.0.113.9', '192.0.2.1', '192.0.2.2', '192.0.2.3'];
const AGENT = 'a browser that nobody else has';

let world: PeopledWorld;
let audit: Audit;
let tenantId: TenantId;
let people: string[];
beforeAll(async () => {
  world = await createPeopledWorld();
  audit = await world.start();
  const [tenant] = await world.database.query('SELECT id FROM tenants');
  tenantId = branded<TenantId>(String(tenant?.['id']));
  people = (await world.database.query('SELECT id FROM users ORDER BY created_at, id')).map(({ id }) =>
    String(id),
  );
  await world.numbered(tenantId, 1 + people.length);
});
afterAll(() => world[Symbol.asyncDispose]());
afterEach(() => world.identity.line.heal());

function by(actorid: string, clientip: string): Doer {
  return { actortype: 'user', actorid, clientip, useragent: AGENT };
}

describe('a log of several people', () => {
  it('keeps from where they acted as a cipher of each, and nothing of it in clear', async () => {
    const [ada = '', ben = '', cem = ''] = people;
    const visitor = {
      actortype: 'service',
      actorid: 'identity',
      clientip: VISITOR_IP,
      useragent: AGENT,
    } as const;
    const events = Array.from({ length: 40 }, () => [
      doneBy(loginFailed(tenantId), by(ada, ADA_IP)),
      doneBy(loginFailed(tenantId), by(ben, BEN_IP)),
      doneBy(loginFailed(tenantId), by(cem, CEM_IP)),
      doneBy(loginFailed(tenantId), visitor),
      doneBy(loginFailed(tenantId), { actortype: 'service', actorid: 'tx-orchestrator' }),
    ]).flat();
    const before = (await world.entries(tenantId)).length;
    await world.publish(events);
    await world.numbered(tenantId, before + events.length);
    const subjects = Map.groupBy(await personalOf(), ({ subject }) => subject);
    const month = new Date().toISOString().slice(0, 7);
    const names = [`user:${ada}`, `user:${ben}`, `user:${cem}`, `visitors:${month}`];
    expect(names.map((name) => subjects.get(name)?.length)).toEqual([40, 40, 40, 40]);
    await expectNothingInClear();
  });

  it('asks identity once for a batch, and not at all where nobody acted', async () => {
    const calls: string[] = [];
    world.identity.line.onRequest((chunk) => {
      calls.push(...(chunk.toString('latin1').match(/POST \/internal\/personal\/\w+/g) ?? []));
      return 'pass';
    });
    const other = newTenant();
    await world.publish(Array.from({ length: 150 }, () => loginFailed(other)));
    await world.numbered(other, 150);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThan(30);
    calls.length = 0;
    const ours = { actortype: 'service', actorid: 'chain-watcher' } as const;
    await world.publish(Array.from({ length: 50 }, () => doneBy(loginFailed(other), ours)));
    await world.numbered(other, 200);
    expect(calls).toEqual([]);
  });

  it('waits while identity is away, and loses nothing', async () => {
    const other = newTenant();
    const wallet = randomUUID();
    world.identity.line.refuse();
    await world.publish([1, 2, 3].map((version) => walletUpdated(other, wallet, version)));
    await waitUntil('the consumer to pause', () =>
      world.log.lines.some(({ message }) => message === 'consumer pauses'),
    );
    expect(await world.entries(other)).toEqual([]);
    world.identity.line.heal();
    expect(await world.numbered(other, 3)).toHaveLength(3);
  });
});

describe('GET /v1/audit/entries/{id}/personal', () => {
  it('tells from where somebody acted, and that it was read is an entry before it is answered', async () => {
    const entry = await someEntryOf(1);
    const reader = personOf(tenantId, 'audit:personal');
    const answer = await personal(entry.id, reader);
    expect(answer).toEqual({ status: 200, body: { clientIp: BEN_IP, userAgent: AGENT } });
    const [read] = await world.database.query(
      `SELECT tenant_id, resource_id, actor_id, details FROM audit_entries WHERE type = 'personal_data_read' AND actor_id = $1`,
      [reader.userId],
    );
    const details = { entryId: entry.id, subject: entry.subject };
    expect(read).toEqual({ tenant_id: tenantId, resource_id: entry.id, actor_id: reader.userId, details });
  });

  it('answers nothing when the entry of it cannot be stored', async () => {
    const { id } = await someEntryOf(1);
    const grant = (sql: string) => world.database.query(sql);
    await grant('REVOKE INSERT ON audit_entries FROM ironforge_app');
    const answer = await personal(id);
    await grant('GRANT INSERT ON audit_entries TO ironforge_app');
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer)).not.toContain(BEN_IP);
  });

  it('is for its own permission and its own tenant, and 404 where the entry tells of nobody', async () => {
    const { id } = await someEntryOf(1);
    expect((await personal(id, personOf(tenantId, 'audit:read'))).status).toBe(403);
    expect((await personal(id, personOf(newTenant(), 'audit:personal'))).status).toBe(404);
    expect((await personal(randomUUID())).status).toBe(404);
    const [nobody] = await world.database.query(
      'SELECT id FROM audit_entries WHERE tenant_id = $1 AND personal IS NULL AND sequence IS NOT NULL',
      [tenantId],
    );
    expect((await personal(String(nobody?.['id']))).status).toBe(404);
  });

  it('tells nothing by a cipher that was put into another entry', async () => {
    const [one, other] = [await someEntryOf(1), await someEntryOf(2)];
    const put = (id: string, value: object) =>
      world.database.query('UPDATE audit_entries SET personal = $2 WHERE id = $1', [id, value]);
    await put(other.id, { subject: one.subject, cipher: one.cipher });
    const answer = await personal(other.id);
    await put(other.id, { subject: other.subject, cipher: other.cipher });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer)).not.toContain(BEN_IP);
  });
});

describe('somebody who was erased', () => {
  it('can be read of nowhere, while every entry of the log is proved as before, and the others can be read', async () => {
    const [ada = '', ben = ''] = people;
    const admin = { ...personOf(tenantId, 'users:write'), userId: branded<UserId>(ada) };
    const before = await proofs();
    const params = { id: ben };
    await world.identity.ask(ROUTES.updateUser, { params, body: { status: 'suspended' } }, admin);
    await world.identity.ask(ROUTES.eraseUser, { params }, admin);
    await waitUntil('the entry of it', async () => (await typesOf()).includes('user_erased'));
    const after = await proofs();
    expect(after.length).toBeGreaterThan(before.length);
    expect(after.filter(({ isProved }) => !isProved)).toEqual([]);
    expect(after.slice(0, before.length).map(({ leaf }) => leaf)).toEqual(before.map(({ leaf }) => leaf));
    const his = (await personalOf()).filter(({ subject }) => subject === `user:${ben}`);
    expect(his.length).toBeGreaterThanOrEqual(40);
    for (const { id } of his)
      expect(await personal(id)).toMatchObject({ status: 410, body: { code: 'personal_data_erased' } });
    expect((await personal((await someEntryOf(0)).id)).body).toEqual({ clientIp: ADA_IP, userAgent: AGENT });
    expect((await personal((await someEntryOf(2)).id)).body).toEqual({ clientIp: CEM_IP, userAgent: AGENT });
    await expectNothingInClear();
  });
});

describe('visitors of a month who were erased', () => {
  it('can be read of nowhere, while every entry of the log is proved as before, and those of other months can be read', async () => {
    const visitor = {
      actortype: 'service',
      actorid: 'identity',
      clientip: VISITOR_IP,
      useragent: AGENT,
    } as const;
    const times = ['2020-01-31T23:59:59.999Z', '2020-02-01T00:00:00.000Z'];
    const doers = times.map((time) => ({ ...visitor, time }));
    await world.publish(doers.map((doer) => doneBy(loginFailed(tenantId), doer)));
    const [ofMonth, ofNext] = [await entryOf('visitors:2020-01'), await entryOf('visitors:2020-02')];
    const admin = { ...personOf(tenantId, 'users:write'), userId: branded<UserId>(people[0] ?? '') };
    await world.identity.ask(ROUTES.eraseVisitors, { params: { month: '2020-01' } }, admin);
    await waitUntil('the entry of it', async () => (await typesOf()).includes('visitors_erased'));
    expect((await proofs()).filter(({ isProved }) => !isProved)).toEqual([]);
    const gone = { status: 410, body: { code: 'personal_data_erased' } };
    expect(await personal(ofMonth.id)).toMatchObject(gone);
    const read = { status: 200, body: { clientIp: VISITOR_IP, userAgent: AGENT } };
    expect(await personal(ofNext.id)).toEqual(read);
    await expectNothingInClear();
  });
});

async function expectNothingInClear(): Promise<void> {
  const names = (
    await world.database.query(`SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name LIKE 'audit_%'`)
  ).map(({ name }) => String(name));
  expect(names).toEqual(expect.arrayContaining(AUDIT_TABLES));
  const said = [JSON.stringify(world.log.lines)];
  for (const name of new Set(names))
    said.push(JSON.stringify(await world.database.query(`SELECT * FROM ${name}`)));
  const clear = [VISITOR_IP, ADA_IP, BEN_IP, CEM_IP, AGENT, 'Person ', ...PEOPLE];
  for (const text of clear) expect(said.join()).not.toContain(text);
}

/** What is personal in the numbered entries, in their order. */
async function personalOf() {
  const rows = await world.database.query(
    `SELECT id, personal ->> 'subject' AS subject, personal ->> 'cipher' AS cipher FROM audit_entries
     WHERE tenant_id = $1 AND personal IS NOT NULL AND sequence IS NOT NULL AND type = 'login_failed' ORDER BY sequence`,
    [tenantId],
  );
  return rows.map(({ id, subject, cipher }) => ({
    id: String(id),
    subject: String(subject),
    cipher: String(cipher),
  }));
}

async function someEntryOf(person: number) {
  const found = (await personalOf()).find(({ subject }) => subject === `user:${people[person]}`);
  return present(found, 'an entry of this person');
}

async function entryOf(subject: string) {
  return await waitUntil(`an entry of ${subject}`, async () =>
    (await personalOf()).find((entry) => entry.subject === subject),
  );
}

async function typesOf(): Promise<string[]> {
  return (await world.entries(tenantId)).filter(({ sequence }) => sequence !== null).map(({ type }) => type);
}

/** The proof of every numbered entry, checked as a stranger would. */
async function proofs() {
  const { AUDIT_SIGNING_KEY: key, AUDIT_ORIGIN: origin } = world.config;
  const signers = createLogSigners({ origin, seed: Buffer.from(key.d, 'base64url'), previousSeed: null });
  const parsed = parseLogKey(signers.signerOf(tenantId).verifierKey);
  if (!('key' in parsed)) throw new Error(`no key: ${parsed.rejected}`);
  const trust = { logKeys: [parsed.key], witnessKeys: [], since: null };
  const numbered = (await world.entries(tenantId)).filter(({ sequence }) => sequence !== null);
  return await Promise.all(
    numbered.map(async ({ id }) => {
      const { body } = await get(`/v1/audit/entries/${id}/proof`, personOf(tenantId, 'audit:read'));
      const { isProved, bytes } = verifyBundle(body, trust);
      return { isProved, leaf: 'proved' in bytes ? bytes.proved.leafHashHex : null };
    }),
  );
}

async function personal(id: string, reader = personOf(tenantId, 'audit:personal')) {
  return await get(`/v1/audit/entries/${id}/personal`, reader);
}

async function get(path: string, caller: ReturnType<typeof personOf>) {
  const headers = { authorization: await world.authorize(caller), 'x-client-ip': '198.51.100.77' };
  const response = await fetch(new URL(path, audit.url), { headers });
  const body: unknown = await response.json();
  return { status: response.status, body };
}
