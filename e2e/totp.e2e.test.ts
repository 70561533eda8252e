import { createHmac } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { beforeAll, expect, it } from 'vitest';
import { callerWith, changeOf } from './world/caller.ts';
import { askToPay, openWallet, signAndSubmit, untilStatus } from './world/payment.ts';
import { foundTenant, type Person, type Tenant } from './world/tenant.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

let tenant: Tenant;
const secrets = new Map<Person, Buffer>();
/** The code by which each of them confirmed his authenticator: it has served, whatever the time is. */
const served = new Map<Person, string>();
const recoveryCodes = new Map<Person, readonly string[]>();

beforeAll(async () => {
  tenant = await foundTenant();
  const groups = [{ name: 'treasury', role: 'approver' as const, required: 1 }];
  const effect = { type: 'require_approvals' as const, groups, stepUp: 'totp' as const };
  const body = { name: 'with codes', rules: [{ name: 'all', when: {}, effect }] };
  await tenant.admin.call(ROUTES.createPolicy, { body });
  for (const person of tenant.approvers) await enrol(person);
});

/** Begins to use an authenticator, whose present code confirms it. */
async function enrol(person: Person): Promise<void> {
  const { secret } = await person.call(ROUTES.enrolTotp, { body: { password: person.password } });
  secrets.set(person, bytesOf(secret));
  const code = codeOf(person);
  const confirmed = await person.call(ROUTES.confirmTotp, { body: { code } });
  served.set(person, code);
  recoveryCodes.set(person, confirmed.recoveryCodes);
}

/** RFC 4648, section 6. */
function bytesOf(secret: string): Buffer {
  const bits = Array.from(secret, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The present code, or that of a later step: RFC 6238 with SHA-1, six digits, written anew for this test. */
function codeOf(person: Person, stepsAhead = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + stepsAhead));
  const hash = createHmac('sha1', secrets.get(person) ?? Buffer.alloc(0))
    .update(counter)
    .digest();
  const number = hash.readUInt32BE((hash.at(-1) ?? 0) & 15) & 0x7fffffff;
  return (number % 1_000_000).toString().padStart(6, '0');
}

it('a payment is approved by a code of the authenticator, which serves once', async () => {
  const [ann, , cem] = tenant.approvers;
  const wallet = await openWallet(tenant);
  const request = await askToPay(tenant.operator, wallet);
  const approve = (person: Person, proof: { totp?: string }) => {
    const body = { decision: 'approve' as const, intentHash: request.intentHash, ...proof };
    return person.outcome(ROUTES.decideTransaction, { params: { id: request.id }, body });
  };
  expect(await approve(ann, {})).toEqual({ status: 403, code: 'step_up_required' });
  expect(await approve(ann, { totp: served.get(ann) ?? '' })).toEqual({
    status: 403,
    code: 'step_up_failed',
  });
  expect(await approve(ann, { totp: codeOf(cem, 1) })).toEqual({ status: 403, code: 'step_up_failed' });
  expect(await approve(ann, { totp: codeOf(ann, 1) })).toEqual({ status: 200, code: null });
  await signAndSubmit(tenant.signer, request, wallet.key);
  const { approvals } = await untilStatus(tenant.operator, request, 'confirmed');
  expect(approvals).toMatchObject([{ userId: ann.id, stepUp: 'totp', signature: null }]);
});

it('who uses an authenticator signs in by password and code, or a recovery code, once', async () => {
  const [, , cem] = tenant.approvers;
  const { email } = await cem.call(ROUTES.getMe);
  const signIn = (proof: { totp?: string }) => {
    const body = { email, password: cem.password, tenant: tenant.id, ...proof };
    return callerWith().outcome(ROUTES.login, { body });
  };
  expect(await signIn({})).toEqual({ status: 401, code: 'totp_required' });
  expect(await signIn({ totp: served.get(cem) ?? '' })).toEqual({ status: 401, code: 'invalid_credentials' });
  expect(await signIn({ totp: codeOf(cem, 1) })).toEqual({ status: 200, code: null });
  const [instead = ''] = recoveryCodes.get(cem) ?? [];
  expect(await signIn({ totp: instead })).toEqual({ status: 200, code: null });
  expect(await signIn({ totp: instead })).toEqual({ status: 401, code: 'invalid_credentials' });
});

it('recovery codes are had anew by a code of the authenticator, and those of before are over', async () => {
  const { operator } = tenant;
  await enrol(operator);
  const { email } = await operator.call(ROUTES.getMe);
  const signIn = (totp: string) =>
    callerWith().outcome(ROUTES.login, {
      body: { email, password: operator.password, tenant: tenant.id, totp },
    });
  const renewed = await operator.call(ROUTES.renewRecoveryCodes, { body: { code: codeOf(operator, 1) } });
  const [before = ''] = recoveryCodes.get(operator) ?? [];
  expect(await signIn(before)).toEqual({ status: 401, code: 'invalid_credentials' });
  expect((await signIn(renewed.recoveryCodes[0] ?? '')).status).toBe(200);
});

it('a lost authenticator goes by the quorum, its codes too, and with it the sessions of its owner', async () => {
  const [ann, ben, cem] = tenant.approvers;
  const reset = (caller: Person, { id }: Person) => caller.ask(ROUTES.resetTotp, { params: { id } });
  expect(await reset(tenant.admin, tenant.admin)).toMatchObject({
    problem: { code: 'second_person_needed' },
  });
  expect(await reset(ann, cem)).toMatchObject({ problem: { code: 'permission_denied' } });
  const { changeId, changeHash } = changeOf(await reset(tenant.admin, cem));
  const decide = (person: Person, proof: { totp?: string }) => {
    const body = { decision: 'approve' as const, changeHash, ...proof };
    return person.outcome(ROUTES.decideChange, { params: { id: changeId }, body });
  };
  expect(await decide(cem, { totp: codeOf(cem, 1) })).toEqual({ status: 403, code: 'not_an_approver' });
  expect(await decide(ben, {})).toEqual({ status: 403, code: 'step_up_required' });
  expect((await cem.outcome(ROUTES.getMe)).status).toBe(200);
  expect(await decide(ben, { totp: codeOf(ben, 1) })).toEqual({ status: 200, code: null });
  await waitUntil('the change to be applied', async () => {
    const { status } = await ann.call(ROUTES.getChange, { params: { id: changeId } });
    return status === 'applied';
  });
  expect((await cem.outcome(ROUTES.getMe)).status).toBe(401);
  expect(await reset(tenant.admin, cem)).toMatchObject({ problem: { code: 'illegal_transition' } });
});
