import { ROUTES } from '@ironforge/contracts';
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

async function begin(who: Credential, code: string) {
  const { status, body } = await identity.ask(ROUTES.enrolTotp, { body: { code } }, who);
  expect(status).toBe(200);
  return people.authenticator(body.secret);
}

function pass(milliseconds: number): void {
  identity.clock.now = new Date(identity.clock.now.getTime() + milliseconds);
}

test('the authenticator in use stays so while another one waits for its first code', async () => {
  const { id, email, who, codeAt } = await people.confirmed();
  const next = await begin(who, codeAt(0));
  expect((await people.login(email)).code).toBe('totp_required');
  expect(await people.verify(id, next.codeAt(1))).toBe('wrong');
  expect(await people.verify(id, codeAt(1))).toBe('accepted');
  pass(60_000);
  expect((await people.login(email, codeAt(0))).status).toBe(200);
});

test('its first code puts it into force, for a sign-in and an approval alike, and the former out of it', async () => {
  const { id, email, who, codeAt } = await people.confirmed();
  const next = await begin(who, codeAt(0));
  expect((await people.confirm(who, codeAt(1))).code).toBe('step_up_failed');
  expect((await people.confirm(who, next.codeAt(0))).status).toBeLessThan(300);
  expect((await people.confirm(who, next.codeAt(1))).code).toBe('illegal_transition');
  expect(await people.verify(id, next.codeAt(0))).toBe('wrong');
  expect(await people.verify(id, codeAt(1))).toBe('wrong');
  expect((await people.login(email, next.codeAt(1))).status).toBe(200);
});

test('the waiting secret lies nowhere in the open, and goes with the factor that it was to follow', async () => {
  const { id, who, codeAt } = await people.confirmed();
  const { secret } = await begin(who, codeAt(0));
  const sql = 'SELECT pending_secret_cipher AS sealed FROM totp_factors WHERE user_id = $1';
  const rows = await identity.database.query(sql, [id]);
  expect(String(rows[0]?.['sealed'])).toMatch(/^v1\./);
  expect(JSON.stringify(rows)).not.toContain(secret.toString('hex'));
  expect((await identity.ask(ROUTES.resetTotp, { params: { id } }, people.admin)).status).toBe(204);
  expect(await identity.database.query(sql, [id])).toEqual([]);
});

test('the last one begun is the one that counts, for ten minutes', async () => {
  const [one, other] = [await people.confirmed(), await people.confirmed()];
  const former = await begin(one.who, one.codeAt(0));
  const last = await begin(one.who, one.codeAt(1));
  expect((await people.confirm(one.who, former.codeAt(0))).code).toBe('step_up_failed');
  pass(1);
  const later = await begin(other.who, other.codeAt(0));
  pass(599_999);
  expect((await people.confirm(one.who, last.codeAt(0))).code).toBe('illegal_transition');
  expect((await people.confirm(other.who, later.codeAt(0))).status).toBeLessThan(300);
});
