import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, stepAt } from '../credentials/totp.ts';
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

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The bytes of a secret, as an authenticator reads them. */
function bytesOf(secret: string): Buffer {
  const bits = Array.from(secret)
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

async function newPerson() {
  const body = {
    email: `${randomUUID()}@forge.test`,
    displayName: 'A',
    roles: ['user' as const],
    password: PASSWORD,
  };
  const { id } = (await identity.ask(ROUTES.createUser, { body }, admin)).body;
  return { id, who: await identity.signIn(body.email) };
}

async function enrolled() {
  const person = await newPerson();
  const { body } = await identity.ask(ROUTES.enrolTotp, { body: {} }, person.who);
  const secret = bytesOf(body.secret);
  const codeAt = (stepsFromNow: number) =>
    codeOf(secret, stepAt(identity.clock.now.getTime()) + stepsFromNow);
  return { ...person, secret, codeAt };
}

async function confirmed() {
  const person = await enrolled();
  const answer = await identity.ask(ROUTES.confirmTotp, { body: { code: person.codeAt(-1) } }, person.who);
  expect(answer.status).toBe(204);
  return person;
}

async function verify(userId: string, code: string): Promise<string> {
  const body = { tenantId, userId, code };
  return (await identity.tell(INTERNAL_ROUTES.verifyTotp, { body })).body.outcome;
}

test('a code counts once the authenticator was confirmed, and only once, however many send it at once', async () => {
  const { id, codeAt } = await confirmed();
  const both = await Promise.all([verify(id, codeAt(0)), verify(id, codeAt(0))]);
  expect(both.toSorted((a, b) => a.localeCompare(b))).toEqual(['accepted', 'wrong']);
  expect(await verify(id, codeAt(-1))).toBe('wrong');
  expect(await verify(id, codeAt(1))).toBe('accepted');
});

test('one that was not confirmed proves nothing, and neither does one that is not there', async () => {
  const { id, codeAt } = await enrolled();
  expect(await verify(id, codeAt(0))).toBe('none');
  expect(await verify((await newPerson()).id, '000000')).toBe('none');
});

test('the secret lies nowhere in the open', async () => {
  const { id, secret } = await enrolled();
  const rows = JSON.stringify(await identity.database.query('SELECT * FROM totp_factors'));
  expect(rows).toContain(id);
  expect(rows).not.toContain(secret.toString('hex'));
});

test('wrong codes block, for longer each time, and a right one does not help meanwhile', async () => {
  const { id, codeAt } = await confirmed();
  const wrong = codeAt(0) === '000000' ? '000001' : '000000';
  for (let n = 0; n < 5; n++) expect(await verify(id, wrong)).toBe('wrong');
  expect(await verify(id, codeAt(0))).toBe('blocked');
  identity.clock.now = new Date(identity.clock.now.getTime() + 1_000);
  expect(await verify(id, codeAt(1))).toBe('accepted');
});

test('another authenticator takes the place of the present one by a code of it alone, never by an API key', async () => {
  const { who, codeAt } = await confirmed();
  const enrol = (code?: string) =>
    identity.ask(ROUTES.enrolTotp, { body: code === undefined ? {} : { code } }, who);
  expect((await enrol()).code).toBe('step_up_required');
  expect((await enrol(codeAt(-1))).code).toBe('step_up_failed');
  const { key } = (await identity.ask(ROUTES.createApiKey, { body: { name: 'k' } }, who)).body;
  const byKey = await identity.ask(ROUTES.enrolTotp, { body: { code: codeAt(0) } }, { apiKey: key });
  expect(byKey.code).toBe('permission_denied');
  expect((await enrol(codeAt(0))).status).toBe(200);
});
