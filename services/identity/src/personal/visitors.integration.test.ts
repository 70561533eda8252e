import { randomUUID } from 'node:crypto';
import {
  EVENTS,
  INTERNAL_ROUTES,
  type PersonalItem,
  ROUTES,
  type SealedPersonal,
} from '@ironforge/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Credential,
  EMAIL,
  PASSWORD,
  startTestIdentity,
  type TestIdentity,
} from '../identity.fixture.ts';

let identity: TestIdentity;
let admin: Credential;
let tenantId: string;
beforeAll(async () => {
  identity = await startTestIdentity();
  admin = await identity.signIn(EMAIL.admin);
  tenantId = (await identity.ask(ROUTES.getMe, {}, admin)).body.tenantId;
});
afterAll(async () => await identity[Symbol.asyncDispose]());

const NOBODY = { type: 'service', id: 'identity' } as const;

/** What a failed sign-in tells of whom nobody knows, or somebody's act. */
function item(occurredAt: string, actor: PersonalItem['actor'] = NOBODY): PersonalItem {
  const place = { table: 'audit_entries', column: 'personal', row: randomUUID() } as const;
  return { tenantId, actor, occurredAt, place, text: 'from there' };
}

async function seal(one: PersonalItem): Promise<SealedPersonal | null | undefined> {
  return (await identity.tell(INTERNAL_ROUTES.sealPersonal, { body: { items: [one] } })).body.sealed[0];
}

/** Says whether what was sealed still opens. */
async function open({ place }: PersonalItem, sealed: SealedPersonal | null | undefined) {
  const body = { tenantId, place, subject: '', cipher: '', ...sealed };
  return (await identity.tellAsAudit(INTERNAL_ROUTES.openPersonal, { body })).body.outcome;
}

async function erase(month: string, who: Credential = admin) {
  return await identity.ask(ROUTES.eraseVisitors, { params: { month } }, who);
}

async function told(month: string) {
  const events = await identity.events('user.visitors_erased');
  return events
    .filter(({ subject }) => subject === month)
    .map(({ data }) => EVENTS['user.visitors_erased'].strict().parse(data));
}

describe('the visitors of a month', () => {
  it('open nowhere once they are erased, and everybody else does', async () => {
    const visits = ['2020-01-31T23:59:59.999Z', '2020-02-01T00:00:00.000Z'].map((time) => item(time));
    const acted = item('2020-01-15T00:00:00Z', { type: 'user', id: randomUUID() });
    const items = [...visits, acted];
    const sealed = await Promise.all(items.map(seal));
    const { status, body } = await erase('2020-01');
    expect({ status, body }).toEqual({
      status: 200,
      body: { month: '2020-01', erasedAt: identity.clock.now.toISOString() },
    });
    const outcomes = items.map(async (one, index) => await open(one, sealed[index]));
    expect(await Promise.all(outcomes)).toEqual(['erased', 'opened', 'opened']);
    expect(await told('2020-01')).toEqual([{ month: '2020-01' }]);
  });

  it('get no other key for what comes late, and an erasure that comes again changes nothing', async () => {
    await seal(item('2020-03-01T00:00:00Z'));
    const first = await erase('2020-03');
    expect(await seal(item('2020-03-31T00:00:00Z'))).toBeNull();
    identity.clock.now = new Date(identity.clock.now.getTime() + 1_000);
    const again = await Promise.all([erase('2020-03'), erase('2020-03')]);
    expect(again.map(({ body }) => body)).toEqual([first.body, first.body]);
    expect(await told('2020-03')).toHaveLength(1);
  });

  it('are erased once, and told of once, by several that ask at the same time', async () => {
    await seal(item('2020-04-01T00:00:00Z'));
    const answers = await Promise.all(Array.from({ length: 4 }, () => erase('2020-04')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await told('2020-04')).toHaveLength(1);
  });

  it('wait until their month is over: entries still use its key', async () => {
    const kept = identity.clock.now;
    const last = new Date(Date.UTC(kept.getUTCFullYear(), kept.getUTCMonth() + 1) - 1);
    const month = last.toISOString().slice(0, 7);
    const visit = item(last.toISOString());
    const sealed = await seal(visit);
    identity.clock.now = last;
    const stillNow = await identity.signIn(EMAIL.admin);
    expect((await erase(month, stillNow)).code).toBe('illegal_transition');
    expect(await open(visit, sealed)).toBe('opened');
    identity.clock.now = new Date(last.getTime() + 1);
    expect((await erase(month, stillNow)).status).toBe(200);
    expect(await open(visit, sealed)).toBe('erased');
    identity.clock.now = kept;
  });
});

describe('an erasure of visitors', () => {
  it('finds no month without visitors, nor what is no month', async () => {
    for (const month of ['2019-12', '2020-13', '2020-1', 'x', '2020-01:'])
      expect((await erase(month)).code).toBe('not_found');
  });

  it('is for an admin, and of his own tenant', async () => {
    const visit = item('2020-05-01T00:00:00Z');
    const sealed = await seal(visit);
    expect((await erase('2020-05', await identity.signIn(EMAIL.operator))).code).toBe('permission_denied');
    const root = await identity.signIn(EMAIL.superAdmin);
    const other = { email: `${randomUUID()}@forge.test`, password: PASSWORD, displayName: 'Other' };
    await identity.ask(ROUTES.createTenant, { body: { name: 'Other', plan: 'free', admin: other } }, root);
    expect((await erase('2020-05', await identity.signIn(other.email))).code).toBe('not_found');
    expect(await open(visit, sealed)).toBe('opened');
  });
});
