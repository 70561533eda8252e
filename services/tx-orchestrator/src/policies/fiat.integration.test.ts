import { ROUTES, type RouteInput } from '@ironforge/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { installPolicy } from '../testbed/policies.fixture.ts';
import { askPayload, create, created, payload, read, refusalOf, replyOf } from '../testbed/story.fixture.ts';
import { NATIVE, PAYEE, type Person, startWorld, TOKEN, type World } from '../testbed/world.fixture.ts';

const ALLOW = { type: 'allow' } as const;
const FINNEY = 10n ** 15n;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  await world.database.query('DELETE FROM asset_prices');
  await rulesOver('USD');
});

/** Up to 10 of the currency at once; the rest, which would be laxer than anything, only to be fallen into. */
async function rulesOver(currency: string) {
  const small = { name: 'small', when: { fiatAmount: { currency, max: '10' } }, effect: ALLOW };
  const groups = [{ name: 'treasury', role: 'approver' as const, required: 1 }];
  const rest = { name: 'rest', when: {}, effect: { type: 'require_approvals' as const, groups } };
  return await installPolicy(world, { name: currency, rules: [small, rest], isDefault: true });
}

type Price = NonNullable<RouteInput<(typeof ROUTES)['pushPrices']>['body']>['prices'][number];

async function push(part: Partial<Price> = {}, person: Person = world.people.feed) {
  const observedAt = new Date().toISOString();
  const price = {
    assetId: NATIVE,
    currency: 'USD',
    price: '2000.5',
    decimals: 18,
    source: 'coins',
    observedAt,
  };
  return await world.ask(person, ROUTES.pushPrices, { body: { prices: [{ ...price, ...part }] } });
}

const ago = (seconds: number) => ({ observedAt: new Date(Date.now() - seconds * 1_000).toISOString() });
const pay = (finney: bigint, more: object = {}) =>
  created(world, world.addWallet().id, { amount: (finney * FINNEY).toString(), ...more });

describe('a rule over a fiat amount', () => {
  test('decides by what the amount is worth, and records by which price', async () => {
    const { observedAt } = replyOf(await push()).data[0] ?? {};
    const small = await pay(4n);
    const recorded = { currency: 'USD', price: '2000.5', decimals: 18, source: 'coins', observedAt };
    const prices = [{ ...recorded, pushedBy: world.people.feed.userId }];
    const worth = (amount: string) => `(worth ${amount} USD at 2000.5 USD by coins of ${observedAt})`;
    expect(small).toMatchObject({ status: 'approved', policy: { rule: 'small', prices } });
    expect(small.policy?.explanation[0]?.why).toBe(`every condition holds ${worth('8.002')}`);
    const large = await pay(5n);
    expect(large).toMatchObject({ status: 'pending_approval', policy: { rule: 'rest', prices } });
    expect(large.policy?.explanation[0]?.why).toBe(`does not match: fiat_amount ${worth('10.0025')}`);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['nobody named a price', async () => {}],
    ['it is too old', () => push(ago(3_601))],
    ['it is of another currency', () => push({ currency: 'EUR' })],
    ['it is of another asset', () => push({ assetId: TOKEN })],
    ['its source takes the asset to have other decimals', () => push({ decimals: 6 })],
    ['who asks named it', () => push({}, { ...world.people.operator, roles: ['price_feed'] })],
  ])('denies, and falls to no later rule, where %s', async (_why, prepare) => {
    await prepare();
    const request = await pay(1n);
    expect(request).toMatchObject({ status: 'rejected', reason: 'policy_denied', policy: { rule: null } });
    expect(request.policy?.explanation).toEqual([
      {
        rule: 'small',
        matched: false,
        why: 'cannot be decided, so the request is denied: there is no price in USD that is at most 3600 s old',
      },
    ]);
  });

  test('takes a price that another named where who asks named one too, and any that is just fresh enough', async () => {
    const both = { ...world.people.operator, roles: ['price_feed' as const] };
    replyOf(await push({ price: '1' }, both));
    replyOf(await push({ price: '9000', ...ago(3_500) }));
    expect(await pay(4n)).toMatchObject({ policy: { rule: 'rest' } });
    replyOf(
      await push({ assetId: NATIVE.toUpperCase().replace('EIP155', 'eip155').replace('SLIP', 'slip') }),
    );
    expect(await pay(4n)).toMatchObject({ policy: { rule: 'small' } });
  });

  test('of a draft, looks neither at a price of him who made it nor of him who submits it', async () => {
    const { operator, admin } = world.people;
    replyOf(await push({}, { ...operator, roles: ['price_feed'] }));
    replyOf(await push({}, { ...admin, roles: ['price_feed'] }));
    const { id } = await pay(1n, { submit: false });
    const submitted = await world.ask(admin, ROUTES.submitTransaction, { params: { id } });
    expect(replyOf(submitted)).toMatchObject({ status: 'rejected', reason: 'policy_denied' });
    replyOf(await push());
    const other = await pay(1n, { submit: false });
    const again = await world.ask(admin, ROUTES.submitTransaction, { params: { id: other.id } });
    expect(replyOf(again)).toMatchObject({ status: 'approved' });
  });
});

describe('a window in a currency', () => {
  const CURRENCY = { currency: 'USD', maxAgeSeconds: 600 };

  async function limit(max: string) {
    const when = { window: { hours: 24, max, ...CURRENCY } };
    const groups = [{ name: 'treasury', role: 'approver' as const, required: 1 }];
    const above = { name: 'above', when: {}, effect: { type: 'require_approvals' as const, groups } };
    const rules = [{ name: 'daily', when, effect: ALLOW }, above];
    return (await installPolicy(world, { name: 'daily', rules, isDefault: true })).id;
  }

  const taken = async (policyId: string) => {
    const sql = `SELECT asset_id, reserved FROM spending_windows WHERE policy_id = $1`;
    return await world.database.query(sql, [policyId]);
  };

  test('lets no more through than it allows, over all assets, however many ask at once', async () => {
    const id = await limit('10');
    replyOf(await push({ price: '1000' }));
    replyOf(await push({ price: '500', assetId: TOKEN }));
    const asked = await Promise.all(
      Array.from({ length: 16 }, (_, n) => pay(2n, { assetId: n % 2 === 0 ? NATIVE : TOKEN })),
    );
    const passed = asked.filter(({ status }) => status === 'approved');
    const worth = passed.reduce((sum, { assetId }) => sum + (assetId === NATIVE ? 2 : 1), 0);
    expect(worth).toBe(10);
    expect(await taken(id)).toMatchObject([{ asset_id: 'fiat:USD', reserved: (10n ** 19n).toString() }]);
    const [first] = passed;
    replyOf(await push({ price: '999999', assetId: first?.assetId ?? NATIVE }));
    expect(await payload(world, first?.id ?? '')).toMatchObject({ transactionId: first?.id });
  });

  test('takes nothing for what is denied for want of a price, nor does the rule behind it', async () => {
    const small = { name: 'small', when: { fiatAmount: { currency: 'EUR', max: '1' } }, effect: ALLOW };
    const window = { hours: 24, max: '10', ...CURRENCY };
    const rules = [small, { name: 'daily', when: { window }, effect: ALLOW }];
    const { id } = await installPolicy(world, { name: 'both', rules, isDefault: true });
    replyOf(await push({ price: '1000' }));
    replyOf(await push({ price: '1000', currency: 'EUR' }));
    expect(await pay(2n)).toMatchObject({ policy: { rule: 'daily' } });
    await world.database.query(`DELETE FROM asset_prices WHERE currency = 'EUR'`);
    expect(await pay(3n)).toMatchObject({ status: 'rejected', reason: 'policy_denied' });
    expect(await taken(id)).toMatchObject([{ reserved: (2n * 10n ** 18n).toString() }]);
  });
});

describe('before a payload', () => {
  test('the price of the submission counts: neither one that moved nor a silent feed takes an approval back', async () => {
    replyOf(await push());
    const [moved, silent] = [await pay(4n), await pay(4n)];
    replyOf(await push({ price: '900000' }));
    expect(await payload(world, moved.id)).toMatchObject({ transactionId: moved.id });
    await world.database.query('DELETE FROM asset_prices');
    expect(await payload(world, silent.id)).toMatchObject({ transactionId: silent.id });
    await rulesOver('USD');
    expect((await read(world, silent.id)).status).toBe('approved');
  });

  test('where the rules now in force ask for another currency the present price counts, and none denies', async () => {
    replyOf(await push());
    const [priced, unpriced] = [await pay(4n), await pay(4n)];
    await rulesOver('EUR');
    replyOf(await push({ currency: 'EUR', price: '1800' }));
    expect(await payload(world, priced.id)).toMatchObject({ transactionId: priced.id });
    await world.database.query('DELETE FROM asset_prices');
    expect(refusalOf(await askPayload(world, unpriced.id))).toBe('409 illegal_transition');
    expect(await read(world, unpriced.id)).toMatchObject({ status: 'rejected', reason: 'policy_denied' });
  });
});

describe('whoever names prices', () => {
  test('needs the right, and replaces nothing newer of his own', async () => {
    const { admin, operator, ann } = world.people;
    for (const person of [admin, operator, ann])
      expect(refusalOf(await push({}, person))).toBe('403 permission_denied');
    replyOf(await push({ price: '2', ...ago(10) }));
    const answer = replyOf(await push({ price: '1', ...ago(11) }));
    expect(answer.data).toMatchObject([{ price: '2', assetId: NATIVE }]);
    replyOf(await push({ price: '3', ...ago(9) }));
    replyOf(await push({ price: '4', assetId: TOKEN }));
    const query = { assetId: TOKEN };
    const { data } = replyOf(await world.ask(ann, ROUTES.listPrices));
    expect(data.map(({ price }) => price)).toEqual(['4', '3']);
    expect(replyOf(await world.ask(ann, ROUTES.listPrices, { query })).data).toMatchObject([
      { price: '4', assetId: TOKEN.toLowerCase() },
    ]);
  });

  test('is answered with what he named, not with what else he names of the asset at the same time', async () => {
    const { feed } = world.people;
    const price = { assetId: NATIVE, decimals: 18, source: 'coins', ...ago(0) };
    const pushed = async (...currencies: string[]) => {
      const prices = currencies.map((currency, n) => ({ ...price, currency, price: String(n + 1) }));
      const { data } = replyOf(await world.ask(feed, ROUTES.pushPrices, { body: { prices } }));
      return data.map(({ currency }) => currency).toSorted();
    };
    expect(await pushed('EUR', 'GBP')).toEqual(['EUR', 'GBP']);
    await world.database.query(`UPDATE asset_prices SET received_at = received_at + INTERVAL '1 hour'`);
    expect(await pushed('USD')).toEqual(['USD']);
    expect(await pushed('USD', 'EUR')).toEqual(['EUR', 'USD']);
  });

  test('cannot name one that stays fresh for ever, or that makes everything worth nothing', async () => {
    const codes = async (part: Partial<Price>) => {
      const answer = await push(part);
      return 'problem' in answer ? answer.problem.errors?.map(({ pointer, code }) => [pointer, code]) : [];
    };
    expect(await codes(ago(-3_600))).toEqual([['/prices/0/observedAt', 'in_the_future']]);
    expect(await codes({ price: '0.00' })).toEqual([['/prices/0/price', 'zero']]);
    expect(await codes({ price: '1e9' })).toHaveLength(1);
    expect(replyOf(await world.ask(world.people.ann, ROUTES.listPrices)).data).toEqual([]);
  });
});

test('a simulation tells the price by which it tried the rules, and why it could not', async () => {
  const { id } = await rulesOver('USD');
  const { id: walletId } = world.addWallet();
  const body = { walletId, to: PAYEE, assetId: NATIVE, amount: (5n * FINNEY).toString() };
  const simulate = async (wish: RouteInput<(typeof ROUTES)['simulatePolicy']>['body']) => {
    const input = { params: { id }, ...(wish && { body: wish }) };
    return replyOf(await world.ask(world.people.admin, ROUTES.simulatePolicy, input)).data;
  };
  expect(await simulate(body)).toMatchObject([
    {
      effect: 'deny',
      prices: [],
      explanation: [{ rule: 'small', details: [{ condition: 'price', given: 'none that counts' }] }],
    },
  ]);
  replyOf(await push());
  expect(await simulate(body)).toMatchObject([
    {
      effect: 'require_approvals',
      prices: [{ price: '2000.5', source: 'coins' }],
      explanation: [{ details: [{ condition: 'fiat_amount', wanted: 'at most 10 USD' }] }, {}],
    },
  ]);
  replyOf(await create(world, walletId, { amount: (4n * FINNEY).toString() }));
  replyOf(await push({ price: '900000' }));
  expect(await simulate({ last: 1 })).toMatchObject([{ rule: 'small', prices: [{ price: '2000.5' }] }]);
});
