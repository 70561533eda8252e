import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CHAIN, newAddress, somebody, startTestRegistry, type TestRegistry } from '../registry.fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry[Symbol.asyncDispose]());
beforeEach(() => {
  registry.rules.mustWait = false;
  registry.rules.isDown = false;
  registry.rules.isMute = false;
});

const admin = somebody();
const newBody = () => ({ chainId: CHAIN, name: 'w', type: 'hot' as const, address: newAddress() });
const create = (body: object = {}, headers: Record<string, string> = {}) =>
  registry.ask(ROUTES.createWallet, admin, { body: { ...newBody(), ...body }, headers });
const patch = (id: string, body: object) =>
  registry.ask(ROUTES.updateWallet, admin, { params: { id }, body });
const read = async (id: string) => (await registry.ask(ROUTES.getWallet, admin, { params: { id } })).body;

interface Marks {
  policyId: string | null;
  tags: string[];
}

function applied(walletId: string, base: Marks, next: Marks, changeId: string = randomUUID()) {
  const subject = { kind: 'update_wallet' as const, walletId, base, next };
  const body = { tenantId: admin.tenantId, changeId, authorId: admin.userId, subject };
  return registry.apply({ body });
}

test('the orchestrator is asked about policy and tags alone, and nothing is done while it does not answer', async () => {
  registry.rules.isDown = true;
  const plain = await create();
  expect(plain.status).toBe(201);
  expect((await patch(plain.body.id, { name: 'x' })).status).toBe(200);
  expect((await patch(plain.body.id, { tags: [] })).status).toBe(200);
  expect(await create({ tags: ['a'] })).toMatchObject({ status: 503, code: 'dependency_down' });
  expect(await patch(plain.body.id, { tags: ['a'] })).toMatchObject({ status: 503 });
  expect(await patch(plain.body.id, { policyId: randomUUID() })).toMatchObject({ status: 503 });
  expect(await read(plain.body.id)).toMatchObject({ tags: [], policyId: null });
});

test('a wallet that must be approved is there when it was, once; a repeated request asks for the same change', async () => {
  registry.rules.mustWait = true;
  const body = { ...newBody(), tags: ['payroll'], metadata: { a: 1 }, isDefault: true };
  const headers = { 'idempotency-key': randomUUID() };
  registry.rules.isMute = true;
  expect((await create(body, headers)).status).toBe(503);
  registry.rules.isMute = false;
  expect((await create(body, headers)).status).toBe(202);
  const [first, second] = registry.rules.asked.slice(-2);
  expect(first?.changeId).toBe(second?.changeId);
  const subject = INTERNAL_ROUTES.applyWalletChange.body.shape.subject.parse(first?.subject);
  const id = subject.walletId;
  expect((await registry.ask(ROUTES.getWallet, admin, { params: { id } })).status).toBe(404);
  const approved = {
    tenantId: admin.tenantId,
    changeId: first?.changeId ?? '',
    authorId: admin.userId,
    subject,
  };
  const both = await Promise.all([registry.apply({ body: approved }), registry.apply({ body: approved })]);
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  expect(await read(id)).toMatchObject({
    status: 'activating',
    tags: ['payroll'],
    metadata: { a: 1 },
    isDefault: true,
    userId: admin.userId,
  });
  const told = (await registry.said('wallet.created')).filter((event) => event.subject === id);
  expect(told).toHaveLength(1);
  const again = { body: { ...approved, changeId: randomUUID() } };
  expect(await registry.apply(again)).toEqual({ status: 409, code: 'wallet_exists' });
  expect(await registry.apply(again)).toEqual({ status: 409, code: 'wallet_exists' });
});

test('a call that was answered proposes nothing when it comes again, whatever the rules have become', async () => {
  const body = { ...newBody(), tags: ['payroll'] };
  const headers = { 'idempotency-key': randomUUID() };
  expect((await create(body, headers)).status).toBe(201);
  registry.rules.mustWait = true;
  const asked = registry.rules.asked.length;
  expect((await create(body, headers)).status).toBe(201);
  expect(await create({ ...body, tags: ['other'] }, headers)).toMatchObject({
    code: 'idempotency_key_reused',
  });
  expect(registry.rules.asked).toHaveLength(asked);
});

test('tags that must be approved wait, alone, and are refused on another base', async () => {
  const { id } = (await create()).body;
  registry.rules.mustWait = true;
  expect((await patch(id, { tags: ['a'] })).status).toBe(202);
  expect(await patch(id, { tags: ['a'], name: 'x' })).toMatchObject({ status: 422, pointers: ['/name'] });
  expect(registry.rules.asked.at(-1)).toMatchObject({ asksOnly: true });
  expect(await read(id)).toMatchObject({ tags: [], name: 'w' });
  const bare: Marks = { policyId: null, tags: [] };
  const changeId = randomUUID();
  for (const one of [changeId, changeId])
    expect(await applied(id, bare, { ...bare, tags: ['a'] }, one)).toMatchObject({ status: 200 });
  expect(await read(id)).toMatchObject({ tags: ['a'] });
  expect(await applied(id, bare, { ...bare, tags: ['b'] })).toEqual({
    status: 409,
    code: 'version_conflict',
  });
  expect(await applied(randomUUID(), bare, bare)).toEqual({ status: 404, code: 'not_found' });
});
