import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, type Role, ROUTES } from '@ironforge/contracts';
import { Wallet } from 'ethers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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
beforeEach(() => {
  identity.rules.mustWait = false;
});

async function newPerson(...roles: Role[]) {
  const body = { email: `${randomUUID()}@forge.test`, displayName: 'A', roles, password: PASSWORD };
  const { id } = (await identity.ask(ROUTES.createUser, { body }, admin)).body;
  return { id, who: await identity.signIn(body.email) };
}

const offer = (who: Credential, address: string) =>
  identity.ask(ROUTES.offerApprovalAddress, { body: { address } }, who);
const confirm = (who: Credential, signature: string) =>
  identity.ask(ROUTES.confirmApprovalAddress, { body: { signature } }, who);

async function addressOf(id: string): Promise<string | null> {
  const body = { tenantId, userIds: [id], roles: [] };
  const { users } = (await identity.tell(INTERNAL_ROUTES.resolveUsers, { body })).body;
  return users[0]?.approvalAddress ?? null;
}

test('an address stands for a person once it signed the text that was made for him, and told others so', async () => {
  const { id, who } = await newPerson('approver');
  const wallet = Wallet.createRandom();
  const { message } = (await offer(who, wallet.address.toLowerCase())).body;
  expect(message).toContain(id);
  expect(await addressOf(id)).toBeNull();
  const signature = await wallet.signMessage(message);
  expect((await confirm(who, signature)).body).toEqual({ address: wallet.address });
  expect(await addressOf(id)).toBe(wallet.address);
  const shown = (await identity.ask(ROUTES.getUser, { params: { id } }, admin)).body;
  expect(shown).toMatchObject({ approvalAddress: wallet.address });
  expect((await confirm(who, signature)).code).toBe('illegal_transition');
  const told = (await identity.events('user.approval_address_set')).filter(({ subject }) => subject === id);
  expect(told).toMatchObject([{ aggregateversion: 2, data: { address: wallet.address } }]);
});

test('neither another wallet, nor another’s text, nor one that was replaced or is too old makes it so', async () => {
  const { id, who } = await newPerson('approver');
  const other = await newPerson('approver');
  const wallet = Wallet.createRandom();
  const first = (await offer(who, wallet.address)).body.message;
  const theirs = (await offer(other.who, wallet.address)).body.message;
  const { message } = (await offer(who, wallet.address)).body;
  const wrong = [
    await Wallet.createRandom().signMessage(message),
    await wallet.signMessage(first),
    await wallet.signMessage(theirs),
    await wallet.signMessage(wallet.address),
    `0x${'00'.repeat(65)}`,
  ];
  for (const signature of wrong) expect((await confirm(who, signature)).code).toBe('step_up_failed');
  const right = await wallet.signMessage(message);
  identity.clock.now = new Date(identity.clock.now.getTime() + 600_000);
  expect((await confirm(who, right)).code).toBe('illegal_transition');
  expect(await addressOf(id)).toBeNull();
});

test('one address stands for one person of a tenant, and no API key registers any', async () => {
  const [one, two] = [await newPerson('approver'), await newPerson('approver')];
  const wallet = Wallet.createRandom();
  const texts = [(await offer(one.who, wallet.address)).body, (await offer(two.who, wallet.address)).body];
  const answers = await Promise.all(
    [one, two].map(async ({ who }, index) =>
      confirm(who, await wallet.signMessage(texts[index]?.message ?? '')),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  const third = await newPerson('approver');
  expect((await offer(third.who, wallet.address)).code).toBe('approval_address_exists');
  const { key } = (await identity.ask(ROUTES.createApiKey, { body: { name: 'k' } }, third.who)).body;
  const mine = Wallet.createRandom();
  expect((await offer({ apiKey: key }, mine.address)).code).toBe('permission_denied');
  const { message } = (await offer(third.who, mine.address)).body;
  expect((await confirm({ apiKey: key }, await mine.signMessage(message))).code).toBe('permission_denied');
});

test('where others must approve it nothing counts before, and then only on what it was based on', async () => {
  const { id, who } = await newPerson('approver');
  identity.rules.mustWait = true;
  const wallet = Wallet.createRandom();
  const { message } = (await offer(who, wallet.address)).body;
  expect((await confirm(who, await wallet.signMessage(message))).status).toBe(202);
  expect(await addressOf(id)).toBeNull();
  const base = { roles: ['approver'] as Role[], address: null };
  const next = { address: wallet.address };
  const subject = { kind: 'set_approval_address' as const, userId: id, base, next };
  expect(identity.rules.asked.at(-1)).toMatchObject({ subject });
  const apply = (edit: object) => {
    const change = { tenantId, changeId: randomUUID(), authorId: id, subject: { ...subject, ...edit } };
    return identity.tell(INTERNAL_ROUTES.applyUserChange, { body: change });
  };
  expect((await apply({ base: { ...base, roles: ['admin'] } })).code).toBe('version_conflict');
  expect((await apply({})).status).toBe(200);
  expect(await addressOf(id)).toBe(wallet.address);
  expect((await apply({})).code).toBe('version_conflict');
});

test('the address of somebody who is deleted or erased is free for another, as his offer is, but not while he is suspended', async () => {
  const wallet = Wallet.createRandom();
  const register = async ({ who }: { who: Credential }) => {
    const offered = await offer(who, wallet.address);
    if (offered.status !== 200) return offered.status;
    return (await confirm(who, await wallet.signMessage(offered.body.message))).status;
  };
  const update = (id: string, status: 'suspended' | 'deleted') =>
    identity.ask(ROUTES.updateUser, { params: { id }, body: { status } }, admin);
  const [first, second, third] = [await newPerson('user'), await newPerson('user'), await newPerson('user')];
  expect(await register(first)).toBe(200);
  await offer(first.who, Wallet.createRandom().address);
  expect(await register(second)).toBe(409);
  await update(first.id, 'suspended');
  expect(await register(second)).toBe(409);
  await update(first.id, 'deleted');
  expect(await addressOf(first.id)).toBeNull();
  expect(await register(second)).toBe(200);
  await update(second.id, 'suspended');
  const params = { id: second.id };
  expect((await identity.ask(ROUTES.eraseUser, { params }, admin)).body.approvalAddress).toBeNull();
  expect(await register(third)).toBe(200);
  const sql = 'SELECT address, offered_address, nonce FROM approval_addresses WHERE user_id = ANY ($1)';
  const left = await identity.database.query(sql, [[first.id, second.id]]);
  expect(left).toEqual(left.map(() => ({ address: null, offered_address: null, nonce: null })));
});
