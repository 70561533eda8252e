import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, ROLES, ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Credential, PASSWORD, startTestIdentity, type TestIdentity } from '../identity.fixture.ts';
import { peopleOf } from './people.fixture.ts';

let identity: TestIdentity;
let people: Awaited<ReturnType<typeof peopleOf>>;
beforeAll(async () => {
  identity = await startTestIdentity();
  people = await peopleOf(identity);
});
afterAll(async () => await identity[Symbol.asyncDispose]());

const resetTotpSubject = z.object({
  kind: z.literal('reset_totp'),
  userId: z.string(),
  base: z.object({ roles: z.array(z.enum(ROLES)), confirmedAt: z.string() }),
});

test('a code counts once the authenticator was confirmed, and only once, however many send it at once', async () => {
  const { id, codeAt } = await people.confirmed();
  const both = await Promise.all([people.verify(id, codeAt(0)), people.verify(id, codeAt(0))]);
  expect(both.toSorted((a, b) => a.localeCompare(b))).toEqual(['accepted', 'wrong']);
  expect(await people.verify(id, codeAt(-1))).toBe('wrong');
  expect(await people.verify(id, codeAt(1))).toBe('accepted');
});

test('one that was not confirmed proves nothing, and neither does one that is not there', async () => {
  const { id, codeAt } = await people.enrolled();
  expect(await people.verify(id, codeAt(0))).toBe('none');
  expect(await people.verify((await people.newPerson()).id, '000000')).toBe('none');
});

test('the secret lies nowhere in the open', async () => {
  const { id, secret } = await people.enrolled();
  const rows = JSON.stringify(await identity.database.query('SELECT * FROM totp_factors'));
  expect(rows).toContain(id);
  expect(rows).not.toContain(secret.toString('hex'));
});

test('wrong codes block, for longer each time, and a right one does not help meanwhile; all are told for how long', async () => {
  const { id, who, email, codeAt } = await people.confirmed();
  const wrong = codeAt(0) === '000000' ? '000001' : '000000';
  for (let n = 0; n < 5; n++) expect(await people.verify(id, wrong)).toBe('wrong');
  expect(await people.verify(id, codeAt(0))).toBe('blocked');
  const body = { tenantId: people.tenantId, userId: id, code: codeAt(0) };
  const { body: told } = await identity.tell(INTERNAL_ROUTES.verifyTotp, { body });
  expect(told).toEqual({ outcome: 'blocked', retryAfterSeconds: 1 });
  const next = await identity.ask(ROUTES.enrolTotp, { body: { code: codeAt(0) } }, who);
  const refused = [await people.login(email, codeAt(0)), next];
  const tellsWhen = refused.map(({ status, headers }) => [status, headers.get('retry-after')]);
  expect(tellsWhen).toEqual([
    [429, '1'],
    [429, '1'],
  ]);
  identity.clock.now = new Date(identity.clock.now.getTime() + 1_000);
  expect(await people.verify(id, codeAt(1))).toBe('accepted');
});

test('somebody with an authenticator signs in by password and code, and what came of it is told', async () => {
  const { id, email, codeAt } = await people.confirmed();
  const login = async (body: { password?: string; totp?: string }) => {
    const { status, code } = await identity.ask(ROUTES.login, {
      body: { email, password: PASSWORD, ...body },
    });
    return [status, code];
  };
  expect(await login({ password: `${PASSWORD}?`, totp: codeAt(0) })).toEqual([401, 'invalid_credentials']);
  expect(await login({ password: `${PASSWORD}?` })).toEqual([401, 'invalid_credentials']);
  for (let n = 0; n < 6; n++) expect(await login({})).toEqual([401, 'totp_required']);
  expect(await login({ totp: codeAt(-1) })).toEqual([401, 'invalid_credentials']);
  expect(await login({ totp: codeAt(0) })).toEqual([200, undefined]);
  expect(await login({ totp: codeAt(0) })).toEqual([401, 'invalid_credentials']);
  const about = ({ data }: { data: unknown }) => JSON.stringify(data).includes(id);
  const good = (await identity.events('session.login_succeeded')).filter(about);
  expect(good.map(({ data }) => data)).toMatchObject([{ mfaUsed: false }, { mfaUsed: true }]);
  const bad = (await identity.events('session.login_failed')).filter(about).map(({ data }) => data);
  const reasons = ['wrong_password', 'wrong_password', ...Array.from({ length: 6 }, () => 'no_code')];
  expect(bad).toMatchObject([...reasons, 'wrong_code', 'wrong_code'].map((reason) => ({ reason })));
});

test('an authenticator that comes into use is told, once, by its owner', async () => {
  const { id } = await people.confirmed();
  const waiting = await people.enrolled();
  const told = await identity.events('user.totp_confirmed');
  expect(told.filter(({ subject }) => subject === waiting.id)).toEqual([]);
  expect(told.filter(({ subject }) => subject === id)).toMatchObject([
    { actortype: 'user', actorid: id, aggregateversion: 2, data: { user: { id } } },
  ]);
});

test('wrong codes at a sign-in block it, and an authenticator that was not confirmed asks for nothing', async () => {
  const { email, codeAt } = await people.confirmed();
  const wrong = codeAt(0) === '000000' ? '000001' : '000000';
  const login = async (totp: string) =>
    (await identity.ask(ROUTES.login, { body: { email, password: PASSWORD, totp } })).status;
  for (let n = 0; n < 5; n++) expect(await login(wrong)).toBe(401);
  expect(await login(codeAt(0))).toBe(429);
  const other = await people.enrolled();
  await identity.signIn(other.email);
});

test('the first authenticator takes the password again: a stolen session is not enough', async () => {
  const { id, who } = await people.newPerson();
  const enrol = (body: { password?: string; code?: string }) => identity.ask(ROUTES.enrolTotp, { body }, who);
  expect((await enrol({})).code).toBe('step_up_required');
  expect((await enrol({ code: '000000' })).code).toBe('illegal_transition');
  for (let n = 0; n < 5; n++)
    expect(await enrol({ password: `${PASSWORD}?` })).toMatchObject({ status: 403, code: 'step_up_failed' });
  expect((await enrol({ password: PASSWORD })).code).toBe('too_many_attempts');
  const told = (await identity.events('session.login_failed')).filter(({ subject }) => subject === id);
  expect(told).toHaveLength(6);
  identity.clock.now = new Date(identity.clock.now.getTime() + 1_000);
  expect((await enrol({ password: PASSWORD })).status).toBe(200);
});

test('another authenticator takes the place of the present one by a code of it alone, never by an API key', async () => {
  const { who, codeAt } = await people.confirmed();
  const enrol = (code?: string) =>
    identity.ask(ROUTES.enrolTotp, { body: code === undefined ? {} : { code } }, who);
  expect((await enrol()).code).toBe('step_up_required');
  expect((await enrol(codeAt(-1))).code).toBe('step_up_failed');
  const byPassword = { body: { password: PASSWORD } };
  expect((await identity.ask(ROUTES.enrolTotp, byPassword, who)).code).toBe('step_up_required');
  const { key } = (await identity.ask(ROUTES.createApiKey, { body: { name: 'k' } }, who)).body;
  const byKey = await identity.ask(ROUTES.enrolTotp, { body: { code: codeAt(0) } }, { apiKey: key });
  expect(byKey.code).toBe('permission_denied');
  expect((await enrol(codeAt(0))).status).toBe(200);
});

const resetOf = (id: string, who: Credential) => identity.ask(ROUTES.resetTotp, { params: { id } }, who);

test('another admin takes a lost authenticator away; its owner’s sessions end, and he begins anew', async () => {
  const { id, who, codeAt } = await people.confirmed();
  expect((await resetOf(id, people.admin)).status).toBe(204);
  expect(await people.verify(id, codeAt(0))).toBe('none');
  expect((await identity.ask(ROUTES.enrolTotp, { body: { password: PASSWORD } }, who)).status).toBe(401);
  expect((await resetOf(id, people.admin)).code).toBe('illegal_transition');
  const told = (await identity.events('user.totp_reset')).filter(({ subject }) => subject === id);
  expect(told).toHaveLength(1);
});

test('nobody takes his own away without a code, nor that of a super_admin or a stranger', async () => {
  const me = (await identity.ask(ROUTES.getMe, {}, people.admin)).body.id;
  expect((await resetOf(me, people.admin)).code).toBe('second_person_needed');
  expect((await resetOf(randomUUID(), people.admin)).code).toBe('not_found');
});

test('where others must approve it the factor stays until they did, and another one does not go in its place', async () => {
  const { id, codeAt, who } = await people.confirmed();
  identity.rules.mustWait = true;
  expect((await resetOf(id, people.admin)).status).toBe(202);
  identity.rules.mustWait = false;
  expect(await people.verify(id, codeAt(0))).toBe('accepted');
  const subject = resetTotpSubject.parse(identity.rules.asked.at(-1)?.subject);
  const apply = (confirmedAt: string) => {
    const edit = { ...subject, base: { ...subject.base, confirmedAt } };
    const body = { tenantId: people.tenantId, changeId: randomUUID(), authorId: randomUUID(), subject: edit };
    return identity.tell(INTERNAL_ROUTES.applyUserChange, { body });
  };
  expect((await apply('2026-01-01T00:00:00.000Z')).code).toBe('version_conflict');
  expect((await apply(subject.base.confirmedAt)).status).toBe(200);
  expect(await people.verify(id, codeAt(1))).toBe('none');
  expect((await identity.ask(ROUTES.getMe, {}, who)).status).toBe(401);
});
