import { randomUUID } from 'node:crypto';
import { ROUTES } from '@ironforge/contracts';
import type { UserCaller } from '@ironforge/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CHAIN,
  newAddress,
  OTHER_CHAIN,
  somebody,
  startTestRegistry,
  type TestRegistry,
} from '../registry.fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry[Symbol.asyncDispose]());

const LOWER = '0x52908400098527886e0f7030069857d2e4169ee7';
const CHECKSUMMED = '0x52908400098527886E0F7030069857D2E4169EE7';

type Body = Parameters<typeof create>[1];

async function create(caller: UserCaller, body: Partial<Record<string, unknown>> = {}, key?: string) {
  const whole = { chainId: CHAIN, name: 'treasury', type: 'hot' as const, address: newAddress(), ...body };
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return registry.ask(ROUTES.createWallet, caller, { body: whole, headers });
}

async function countWallets(caller: UserCaller): Promise<number> {
  return (await registry.database.query('SELECT id FROM wallets WHERE tenant_id = $1', [caller.tenantId]))
    .length;
}

describe('registering', () => {
  test('gives the wallet, activating, with its address checksummed, and says so', async () => {
    const caller = somebody();
    const body: Body = { address: LOWER, tags: ['payroll'], metadata: { cost: 'x' } };
    const reply = await create(caller, body);
    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).toBe(`/v1/wallets/${reply.body.id}`);
    expect(reply.body).toMatchObject({
      userId: caller.userId,
      chainId: CHAIN,
      address: CHECKSUMMED,
      status: 'activating',
      policyId: null,
      isWatchOnly: false,
      isDefault: false,
      tags: ['payroll'],
      metadata: { cost: 'x' },
    });
    const [event] = (await registry.said('wallet.created')).filter(
      ({ subject }) => subject === reply.body.id,
    );
    expect(event).toMatchObject({ aggregateversion: 1, data: { wallet: { address: CHECKSUMMED } } });
    expect(JSON.stringify(event)).not.toContain('cost');
  });

  test.each([
    ['a wrong checksum', CHECKSUMMED.replace('E7', 'e7')],
    ['too short', '0x1234'],
    ['another kind', 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'],
  ])('an address with %s is refused at its place', async (_what, address) => {
    expect(await create(somebody(), { address })).toMatchObject({
      status: 422,
      code: 'validation_failed',
      pointers: ['/address'],
    });
  });

  test.each([
    ['name', { name: `key ${'ab'.repeat(32)}` }],
    ['address', { address: `0x${'cd'.repeat(32)}` }],
    ['tags', { tags: ['ef'.repeat(32)] }],
    ['metadata', { metadata: { note: '12'.repeat(32) } }],
  ])('a secret in %s is refused and told nowhere', async (_field, body) => {
    const caller = somebody();
    expect(await create(caller, body)).toMatchObject({ status: 422, code: 'secret_in_request' });
    expect(await countWallets(caller)).toBe(0);
    const secret = JSON.stringify(body).match(/[0-9a-f]{64}/)?.[0];
    expect(JSON.stringify(registry.log.lines)).not.toContain(secret);
  });

  test('an address is registered once per tenant and chain', async () => {
    const caller = somebody();
    const address = newAddress();
    expect((await create(caller, { address })).status).toBe(201);
    expect(await create(caller, { address: address.toUpperCase().replace('0X', '0x') })).toMatchObject({
      status: 409,
      code: 'wallet_exists',
    });
    expect((await create(caller, { address, chainId: OTHER_CHAIN })).status).toBe(201);
    expect((await create(somebody(), { address })).status).toBe(201);
  });

  test('a chain that is not followed is refused', async () => {
    expect(await create(somebody(), { chainId: 'eip155:5' })).toMatchObject({
      status: 422,
      code: 'unknown_chain',
    });
  });

  test('who writes no policies chooses none', async () => {
    const policyId = randomUUID();
    const operator = somebody({ roles: ['operator'] });
    expect(await create(operator, { policyId })).toMatchObject({ status: 403, code: 'permission_denied' });
    expect((await create(somebody(), { policyId })).body.policyId).toBe(policyId);
  });

  test('the same call with one key, at once and later, makes one wallet', async () => {
    const caller = somebody();
    const body = { address: newAddress() };
    const replies = await Promise.all(Array.from({ length: 5 }, () => create(caller, body, 'key-1')));
    replies.push(await create(caller, body, 'key-1'));
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
    expect(new Set(replies.map(({ body: { id } }) => id)).size).toBe(1);
    expect(await create(caller, { ...body, name: 'other' }, 'key-1')).toMatchObject({
      status: 422,
      code: 'idempotency_key_reused',
    });
  });
});

describe('the limit of the plan', () => {
  test('forty calls at once against a limit of seven make exactly seven', async () => {
    const caller = somebody();
    registry.plan.maxWallets = 7;
    const replies = await Promise.all(Array.from({ length: 40 }, () => create(caller)));
    registry.plan.maxWallets = 1000;
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(replies.filter(({ code }) => code === 'plan_limit_reached')).toHaveLength(33);
    expect(await countWallets(caller)).toBe(7);
  });

  test('a refused wallet takes no place, an archived one gives its place back', async () => {
    const caller = somebody();
    registry.plan.maxWallets = 1;
    const first = await create(caller, { address: LOWER });
    const archive = () => registry.ask(ROUTES.archiveWallet, caller, { params: { id: first.body.id } });
    expect((await create(caller)).code).toBe('plan_limit_reached');
    expect([(await archive()).status, (await archive()).status]).toEqual([200, 200]);
    expect((await create(caller, { address: LOWER })).code).toBe('wallet_exists');
    expect((await create(caller)).status).toBe(201);
    expect((await create(caller)).code).toBe('plan_limit_reached');
    registry.plan.maxWallets = 1000;
  });

  test('a plan of none takes none', async () => {
    registry.plan.maxWallets = 0;
    expect((await create(somebody())).code).toBe('plan_limit_reached');
    registry.plan.maxWallets = 1000;
  });
});

describe('changing', () => {
  test('changes what is named, raises the version, says so; nothing named changes nothing', async () => {
    const caller = somebody();
    const { id } = (await create(caller, { tags: ['a'] })).body;
    const patch = (body: object) => registry.ask(ROUTES.updateWallet, caller, { params: { id }, body });
    expect((await patch({ name: 'new', metadata: { a: 1 } })).body).toMatchObject({
      name: 'new',
      tags: ['a'],
      metadata: { a: 1 },
    });
    expect((await patch({})).status).toBe(200);
    const events = (await registry.said('wallet.updated')).filter(({ subject }) => subject === id);
    expect(events.map(({ aggregateversion }) => aggregateversion)).toEqual([2]);
  });

  test('the policy is changed by who may write policies, and can be taken away', async () => {
    const caller = somebody();
    const operator = somebody({ roles: ['operator'], tenantId: caller.tenantId });
    const { id } = (await create(caller)).body;
    const patch = (who: UserCaller, policyId: string | null) =>
      registry.ask(ROUTES.updateWallet, who, { params: { id }, body: { policyId } });
    const policyId = randomUUID();
    expect((await patch(operator, policyId)).code).toBe('permission_denied');
    expect((await patch(caller, policyId)).body.policyId).toBe(policyId);
    expect((await patch(operator, null)).code).toBe('permission_denied');
    expect((await patch(caller, null)).body.policyId).toBeNull();
  });

  test('a default is the only one of its owner on its chain, also when many are made at once', async () => {
    const caller = somebody();
    await Promise.all(Array.from({ length: 6 }, () => create(caller, { isDefault: true })));
    const elsewhere = (await create(caller, { isDefault: true, chainId: OTHER_CHAIN })).body;
    const list = async () => (await registry.ask(ROUTES.listWallets, caller)).body.data;
    const defaults = (await list()).filter(({ isDefault }) => isDefault);
    expect(defaults.map(({ chainId }) => chainId).toSorted()).toEqual([CHAIN, OTHER_CHAIN]);
    const other = (await list()).find(({ isDefault }) => !isDefault);
    await registry.ask(ROUTES.updateWallet, caller, {
      params: { id: other?.id ?? '' },
      body: { isDefault: true },
    });
    const now = (await list()).filter(({ isDefault }) => isDefault).map(({ id }) => id);
    expect(new Set(now)).toEqual(new Set([elsewhere.id, other?.id]));
  });

  test('of many wallets made the default at once one is it', async () => {
    const caller = somebody();
    const made = await Promise.all(Array.from({ length: 8 }, () => create(caller)));
    const makeDefault = (id: string) =>
      registry.ask(ROUTES.updateWallet, caller, { params: { id }, body: { isDefault: true } });
    const replies = await Promise.all(made.map(({ body }) => makeDefault(body.id)));
    expect(replies.map(({ status }) => status)).toEqual(made.map(() => 200));
    const { data } = (await registry.ask(ROUTES.listWallets, caller)).body;
    expect(data.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  test('an archived wallet stays visible and becomes no default', async () => {
    const caller = somebody();
    const { id } = (await create(caller, { isDefault: true })).body;
    const archived = await registry.ask(ROUTES.archiveWallet, caller, { params: { id } });
    expect(archived.body).toMatchObject({ status: 'archived', isDefault: false });
    const again = await registry.ask(ROUTES.updateWallet, caller, {
      params: { id },
      body: { isDefault: true },
    });
    expect(again.code).toBe('illegal_transition');
    expect((await registry.ask(ROUTES.getWallet, caller, { params: { id } })).body.status).toBe('archived');
  });
});

describe('lists', () => {
  test('pages lead through all wallets, newest first, each once', async () => {
    const caller = somebody();
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) made.unshift((await create(caller)).body.id);
    const seen: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const query = cursor === undefined ? { limit: 3 } : { limit: 3, cursor };
      const { body } = await registry.ask(ROUTES.listWallets, caller, { query });
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(made);
  });

  test('filters by chain, type, tag, status and owner, also together', async () => {
    const caller = somebody();
    const colleague = somebody({ roles: ['operator'], tenantId: caller.tenantId });
    const cold = (await create(caller, { type: 'cold', tags: ['a', 'b'] })).body.id;
    const hot = (await create(colleague, { tags: ['b'], chainId: OTHER_CHAIN })).body.id;
    await registry.ask(ROUTES.archiveWallet, caller, { params: { id: hot } });
    const found = async (query: object) =>
      (await registry.ask(ROUTES.listWallets, caller, { query })).body.data.map(({ id }) => id);
    expect(await found({ type: 'cold' })).toEqual([cold]);
    expect(await found({ tag: 'b' })).toEqual([hot, cold]);
    expect(await found({ status: 'archived' })).toEqual([hot]);
    expect(await found({ chainId: OTHER_CHAIN })).toEqual([hot]);
    expect(await found({ userId: colleague.userId })).toEqual([hot]);
    expect(await found({ tag: 'b', status: 'activating' })).toEqual([cold]);
    expect(await found({ tag: 'none' })).toEqual([]);
  });

  test('a cursor that is none is refused', async () => {
    const reply = await registry.ask(ROUTES.listWallets, somebody(), { query: { cursor: 'x' } });
    expect(reply).toMatchObject({ status: 422, code: 'validation_failed' });
  });
});
