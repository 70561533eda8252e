import { randomUUID } from 'node:crypto';
import { type PolicyRuleInput, ROUTES, type RouteInput } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setLimit } from '../testbed/limit.fixture.ts';
import { created, decide, refusalOf, replyOf, setPolicy } from '../testbed/story.fixture.ts';
import { NATIVE, PAYEE, type Person, startWorld, TOKEN, type World } from '../testbed/world.fixture.ts';

type Body = NonNullable<RouteInput<(typeof ROUTES)['simulatePolicy']>['body']>;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

async function ask(id: string, body: Body, person: Person = world.people.ann) {
  return await world.ask(person, ROUTES.simulatePolicy, { params: { id }, body });
}

async function simulated(id: string, body: Body) {
  return replyOf(await ask(id, body)).data;
}

function wish(walletId: string, more: Partial<Body> = {}): Body {
  return { walletId, to: PAYEE, assetId: NATIVE, amount: '5', ...more };
}

/** Every row that a simulation could have written. */
async function rows(): Promise<unknown> {
  const tables = ['tx_requests', 'tx_events', 'approver_groups', 'daily_tx_counts', 'idempotency_keys'];
  // What becomes of a message meanwhile is the outbox's own business.
  const outbox = '(SELECT id, routing_key, body FROM outbox) AS messages';
  const spending = ['spending_windows', 'spending_buckets', 'spending_reservations'];
  return await Promise.all(
    [...tables, outbox, ...spending].map(async (table) =>
      JSON.stringify(await world.database.query(`SELECT * FROM ${table} ORDER BY 1, 2, 3`)),
    ),
  );
}

test('a made-up request learns which rule decides, why not the earlier ones, and what is missing', async () => {
  const policyId = await setLimit(world, 4);
  const { ann, ben, eva, operator } = world.people;
  const body = wish(world.addWallet().id, { initiator: { userId: operator.userId } });
  expect(await simulated(policyId, body)).toMatchObject([
    {
      transactionId: null,
      effect: 'require_approvals',
      rule: 'above',
      explanation: [
        {
          rule: 'daily',
          matched: false,
          why: 'does not match: window',
          details: [{ condition: 'window', wanted: 'at most 4 in 24 hours', given: '5 beside 0' }],
        },
        { rule: 'above', matched: true, why: 'every condition holds', details: [] },
      ],
      required: [{ group: 'treasury', required: 2, given: 0 }],
      alternatives: [[{ group: 'treasury', required: 2, approverIds: [ann.userId, ben.userId, eva.userId] }]],
    },
  ]);
});

test('simulating reserves nothing and changes nothing, but sees what others have reserved', async () => {
  const policyId = await setLimit(world, 12);
  const wallet = world.addWallet();
  await created(world, wallet.id);
  const before = await rows();
  const times = Array.from({ length: 5 }, () => simulated(policyId, wish(wallet.id)));
  expect((await Promise.all(times)).map(([one]) => one?.rule)).toEqual(times.map(() => 'daily'));
  expect((await simulated(policyId, wish(wallet.id, { amount: '8' })))[0]?.explanation[0]?.details).toEqual([
    { condition: 'window', wanted: 'at most 12 in 24 hours', given: '8 beside 5' },
  ]);
  await simulated(policyId, { last: 10 });
  expect(await rows()).toEqual(before);
  expect((await created(world, wallet.id)).policy?.rule).toBe('daily');
});

test('other rules are tried in place of the policy, at another time and for somebody else', async () => {
  const { id } = await setPolicy(world, 'deny');
  const { operator, admin } = world.people;
  const rule = (name: string, when: PolicyRuleInput['when']): PolicyRuleInput => ({
    name,
    when,
    effect: { type: 'allow' },
  });
  const rules = [
    rule('tagged', { walletTags: ['vip'] }),
    rule('weekend', { timeOfDay: { weekdays: ['sat', 'sun'] }, initiators: ['operator'] }),
    rule('calls', { methods: ['transfer(address,uint256)'] }),
  ];
  const body = (more: Partial<Body>) =>
    wish(world.addWallet('eu').id, { rules, at: '2026-03-07T12:00:00Z', ...more });
  const ruleOf = async (given: Body) => (await simulated(id, given))[0]?.rule;
  expect(await ruleOf(body({ initiator: { userId: operator.userId } }))).toBe('weekend');
  expect(await ruleOf(body({ initiator: { userId: admin.userId } }))).toBeNull();
  expect(
    await ruleOf(body({ initiator: { userId: operator.userId }, at: '2026-03-06T12:00:00Z' })),
  ).toBeNull();
  expect(await ruleOf(body({ data: '0xa9059cbb00', amount: '0' }))).toBe('calls');
  expect(await ruleOf({ ...body({}), walletId: world.addWallet('vip').id })).toBe('tagged');
  expect(await simulated(id, wish(world.addWallet().id))).toMatchObject([{ effect: 'deny', rule: 'deny' }]);
});

test('what cannot be asked for is refused as it is elsewhere', async () => {
  const { id } = await setPolicy(world, 'allow');
  const wallet = world.addWallet();
  const unknown = randomUUID();
  const outcomes = await Promise.all(
    (
      [
        [id, wish(unknown)],
        [unknown, wish(wallet.id)],
        [id, wish(wallet.id, { assetId: `${NATIVE}1` })],
        [id, wish(wallet.id, { to: '0x1' })],
        [id, wish(wallet.id, { assetId: TOKEN, data: '0x00' })],
        [id, wish(wallet.id, { initiator: { userId: unknown } })],
        [
          id,
          wish(wallet.id, {
            rules: [{ name: 'r', when: { amount: { max: '1' } }, effect: { type: 'allow' } }],
          }),
        ],
        [id, { last: 501 }],
      ] satisfies [string, Body][]
    ).map(async ([policyId, body]) => refusalOf(await ask(policyId, body))),
  );
  expect(outcomes).toEqual([
    '404 not_found',
    '404 not_found',
    '422 unknown_asset',
    ...Array.from({ length: 5 }, () => '422 validation_failed'),
  ]);
  expect(refusalOf(await ask(id, wish(wallet.id), world.people.user))).toBe('403 permission_denied');
});

test('history is told newest first, with what each real request has and lacks', async () => {
  const { id } = await setPolicy(world, 'two of three');
  await setLimit(world, 1_000);
  const wallet = world.addWallet();
  const [first, second] = [await created(world, wallet.id), await created(world, wallet.id, { amount: '6' })];
  const third = await created(world, wallet.id, { amount: '2000' });
  replyOf(await decide(world, world.people.ben, third.id));
  const data = await simulated(id, { last: 3 });
  expect(data.map(({ transactionId }) => transactionId)).toEqual([third.id, second.id, first.id]);
  expect(data.map(({ required }) => required[0]?.given)).toEqual([1, 0, 0]);
  expect(data[0]).toMatchObject({ effect: 'require_approvals', rule: 'two of three' });
});

test('history is replayed through windows that begin empty, and what was taken back takes nothing', async () => {
  const { id } = await setPolicy(world, 'deny');
  const wallet = world.addWallet('vip');
  const denied = await created(world, wallet.id);
  await setPolicy(world, 'two of three');
  const cancelled = await created(world, wallet.id);
  await world.ask(world.people.operator, ROUTES.cancelTransaction, { params: { id: cancelled.id } });
  for (const amount of ['5', '5', '2']) await created(world, wallet.id, { amount });
  const when = { walletTags: ['vip'], assetIds: [NATIVE], window: { hours: 24, max: '12' } };
  const rules: PolicyRuleInput[] = [{ name: 'vip', when, effect: { type: 'allow' } }];
  const data = await simulated(id, { last: 5, rules });
  expect(data.map(({ rule }) => rule)).toEqual(['vip', null, 'vip', 'vip', 'vip']);
  expect(data[1]?.explanation[0]?.details).toEqual([
    { condition: 'window', wanted: 'at most 12 in 24 hours', given: '5 beside 10' },
  ]);
  expect(data[4]?.transactionId).toBe(denied.id);
});
