import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, ROUTES } from '@ironforge/contracts';
import { codeOf, stepAt } from '../credentials/totp.ts';
import { type Credential, EMAIL, PASSWORD, type TestIdentity } from '../identity.fixture.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The bytes of a secret, as an authenticator reads them. */
function bytesOf(secret: string): Buffer {
  const bits = Array.from(secret)
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Makes people with authenticators in the first tenant of an identity, and asks about their codes. */
export async function peopleOf(identity: TestIdentity) {
  const admin = await identity.signIn(EMAIL.admin);
  const { tenantId } = (await identity.ask(ROUTES.getMe, {}, admin)).body;

  async function newPerson() {
    const email = `${randomUUID()}@forge.test`;
    const body = { email, displayName: 'A', roles: ['user' as const], password: PASSWORD };
    const { id } = (await identity.ask(ROUTES.createUser, { body }, admin)).body;
    return { id, email, who: await identity.signIn(email) };
  }

  /** An authenticator with a secret as it was shown. */
  function authenticator(shown: string) {
    const secret = bytesOf(shown);
    const codeAt = (stepsFromNow: number) =>
      codeOf(secret, stepAt(identity.clock.now.getTime()) + stepsFromNow);
    return { secret, codeAt };
  }

  async function enrolled() {
    const person = await newPerson();
    const { body } = await identity.ask(ROUTES.enrolTotp, { body: { password: PASSWORD } }, person.who);
    return { ...person, ...authenticator(body.secret) };
  }

  const confirm = (who: Credential, code: string) =>
    identity.ask(ROUTES.confirmTotp, { body: { code } }, who);

  async function confirmed() {
    const person = await enrolled();
    const { status, body } = await confirm(person.who, person.codeAt(-1));
    if (status !== 200) throw new Error(`not confirmed: ${status}`);
    return { ...person, recoveryCodes: body.recoveryCodes };
  }

  async function verify(userId: string, code: string): Promise<string> {
    const body = { tenantId, userId, code };
    return (await identity.tell(INTERNAL_ROUTES.verifyTotp, { body })).body.outcome;
  }

  const login = (email: string, totp?: string) =>
    identity.ask(ROUTES.login, { body: { email, password: PASSWORD, totp } });

  return { admin, tenantId, newPerson, authenticator, enrolled, confirmed, confirm, verify, login };
}
