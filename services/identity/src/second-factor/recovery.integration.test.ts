import { INTERNAL_ROUTES, ROUTES } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Credential, startTestIdentity, type TestIdentity } from '../identity.fixture.ts';
import { peopleOf } from './people.fixture.ts';

let identity: TestIdentity;
let people: Awaited<ReturnType<typeof peopleOf>>;
beforeAll(async () => {
  identity = await startTestIdentity();
  people = await peopleOf(identity);
});
afterAll(async () => await identity[Symbol.asyncDispose]());

/** Somebody with an authenticator, and his recovery codes by number. */
async function person() {
  const { recoveryCodes, ...rest } = await people.confirmed();
  expect(recoveryCodes).toHaveLength(10);
  return { ...rest, recoveryCodes, codeNo: (n: number) => present(recoveryCodes[n], 'a recovery code') };
}

async function storedOf(id: string): Promise<string[]> {
  const sql = 'SELECT code_hash FROM recovery_codes WHERE user_id = $1';
  return (await identity.database.query(sql, [id])).map((row) => String(row['code_hash']));
}

const replace = (who: Credential, code: string) => identity.ask(ROUTES.enrolTotp, { body: { code } }, who);

const renew = (who: Credential, code: string) =>
  identity.ask(ROUTES.renewRecoveryCodes, { body: { code } }, who);

test('each signs in once in place of a code, however many send it at once, and the log says by what', async () => {
  const { id, email, codeAt, codeNo } = await person();
  const both = await Promise.all([people.login(email, codeNo(0)), people.login(email, codeNo(0))]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
  expect((await people.login(email, codeNo(1).toLowerCase().replace('-', ''))).status).toBe(200);
  expect((await people.login(email, codeNo(1))).code).toBe('invalid_credentials');
  expect((await people.login(email, codeAt(0))).status).toBe(200);
  expect(await storedOf(id)).toHaveLength(8);
  const told = (await identity.events('session.login_succeeded')).map(({ data }) => data);
  const mine = told.filter((data) => JSON.stringify(data).includes(id));
  expect(mine).toMatchObject([
    { mfaUsed: false, secondFactor: null },
    { mfaUsed: true, secondFactor: 'recovery_code' },
    { mfaUsed: true, secondFactor: 'recovery_code' },
    { mfaUsed: true, secondFactor: 'totp' },
  ]);
});

test('those of another person, or made up, are wrong codes, and block as these do', async () => {
  const [{ email, codeAt, codeNo }, other] = [await person(), await person()];
  expect((await people.login(email, other.codeNo(0))).code).toBe('invalid_credentials');
  for (let n = 0; n < 4; n++) expect((await people.login(email, 'AAAAA-AAAAA')).status).toBe(401);
  expect((await people.login(email, codeNo(0))).status).toBe(429);
  expect((await people.login(email, codeAt(0))).status).toBe(429);
  identity.clock.now = new Date(identity.clock.now.getTime() + 1_000);
  expect((await people.login(email, codeNo(0))).status).toBe(200);
});

test('by one the authenticator is replaced, and the next one comes with codes of its own', async () => {
  const { id, who, codeNo, email } = await person();
  const { body } = await replace(who, codeNo(0));
  expect((await replace(who, codeNo(0))).code).toBe('step_up_failed');
  expect((await people.login(email, codeNo(1))).status).toBe(200);
  const next = people.authenticator(body.secret);
  const confirmed = (await people.confirm(who, next.codeAt(0))).body;
  expect((await people.login(email, codeNo(2))).code).toBe('invalid_credentials');
  expect((await people.login(email, present(confirmed.recoveryCodes[0], 'a code'))).status).toBe(200);
  expect(await storedOf(id)).toHaveLength(9);
});

test('ten others are had by a present code of the authenticator alone, once; the log says so, and those of before are over', async () => {
  const { id, who, email, codeAt, codeNo } = await person();
  const { status, body } = await renew(who, codeAt(0));
  expect([status, new Set(body.recoveryCodes).size]).toEqual([200, 10]);
  expect(await storedOf(id)).toHaveLength(10);
  expect((await people.login(email, codeNo(0))).code).toBe('invalid_credentials');
  expect((await people.login(email, present(body.recoveryCodes[0], 'a code'))).status).toBe(200);
  expect((await renew(who, codeAt(0))).code).toBe('step_up_failed');
  expect((await renew(who, present(body.recoveryCodes[1], 'a code'))).status).toBe(422);
  const told = await identity.events('user.recovery_codes_renewed');
  expect(told).toMatchObject([{ subject: id, data: { user: { id, roles: ['user'] } } }]);
});

test('whose authenticator came before them gets his first ten without another one', async () => {
  const { id, who, codeAt } = await person();
  await identity.database.query('DELETE FROM recovery_codes WHERE user_id = $1', [id]);
  expect((await renew(who, codeAt(0))).status).toBe(200);
  expect(await storedOf(id)).toHaveLength(10);
});

test('wrong codes for others count as everywhere, and who has no authenticator in use, or comes by a key, gets none', async () => {
  const { id, who, codeAt } = await person();
  for (let n = 0; n < 5; n++) expect((await renew(who, codeAt(5))).code).toBe('step_up_failed');
  expect((await renew(who, codeAt(0))).status).toBe(429);
  expect(await storedOf(id)).toHaveLength(10);
  const enrolled = await people.enrolled();
  expect((await renew(enrolled.who, enrolled.codeAt(0))).code).toBe('illegal_transition');
  const { body } = await identity.ask(ROUTES.createApiKey, { body: { name: 'x' } }, who);
  expect((await renew({ apiKey: body.key }, codeAt(1))).code).toBe('permission_denied');
});

test('none proves an approval, and none does without an authenticator in use', async () => {
  const { id, codeNo } = await person();
  const body = { tenantId: people.tenantId, userId: id, code: codeNo(0) };
  expect((await identity.tell(INTERNAL_ROUTES.verifyTotp, { body })).status).toBe(422);
  const { who } = await people.enrolled();
  expect((await replace(who, codeNo(0))).code).toBe('illegal_transition');
});

test('a wrong first code gives none, and of those given no text is stored', async () => {
  const { id, who, codeAt } = await people.enrolled();
  expect((await people.confirm(who, codeAt(5))).code).toBe('step_up_failed');
  expect(await storedOf(id)).toEqual([]);
  const { recoveryCodes } = (await people.confirm(who, codeAt(0))).body;
  const stored = await storedOf(id);
  expect(stored.filter((hash) => /^[0-9a-f]{64}$/.test(hash))).toHaveLength(10);
  for (const code of recoveryCodes) expect(stored.join('')).not.toContain(code);
});

test('they go with the factor when it is reset, and when its owner is erased', async () => {
  const [one, other] = [await person(), await person()];
  await identity.ask(ROUTES.resetTotp, { params: { id: one.id } }, people.admin);
  expect(await storedOf(one.id)).toEqual([]);
  expect((await people.login(one.email, one.codeNo(0))).status).toBe(200);
  const params = { id: other.id };
  await identity.ask(ROUTES.updateUser, { params, body: { status: 'suspended' } }, people.admin);
  expect((await identity.ask(ROUTES.eraseUser, { params }, people.admin)).status).toBe(200);
  expect(await storedOf(other.id)).toEqual([]);
});
