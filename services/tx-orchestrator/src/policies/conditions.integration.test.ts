import { afterAll, beforeAll, expect, test } from 'vitest';
import { installPolicy } from '../testbed/policies.fixture.ts';
import { askPayload, created, payload, read, refusalOf } from '../testbed/story.fixture.ts';
import { PAYEE, startWorld, type World } from '../testbed/world.fixture.ts';

const ALLOW = { type: 'allow' } as const;
const MINUTE_MS = 60_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

type Rules = readonly { readonly name: string; readonly when: object }[];

async function ruleSet(rules: Rules): Promise<void> {
  const body = {
    name: 'rules',
    isDefault: true,
    rules: rules.map((rule) => ({ ...rule, effect: ALLOW })),
  };
  await installPolicy(world, body);
}

async function ruleFor(rules: Rules, wallet: { readonly id: string }, body: object = {}) {
  await ruleSet(rules);
  const { policy } = await created(world, wallet.id, body);
  return policy;
}

test('a rule reads the tags of the wallet, as the registry knows them', async () => {
  const rules = [{ name: 'payroll', when: { walletTags: ['payroll', 'taxes'] } }];
  expect(await ruleFor(rules, world.addWallet('eu', 'payroll'))).toMatchObject({ rule: 'payroll' });
  expect(await ruleFor(rules, world.addWallet('eu'))).toMatchObject({
    rule: null,
    explanation: [{ rule: 'payroll', matched: false, why: 'does not match: tag' }],
  });
});

test('a rule reads what the tenant knows of the recipient: a payee that is taken out of the book counts no more', async () => {
  const known = [{ name: 'known', when: { destinationKinds: ['own_wallet', 'address_book'] } }];
  const wallet = world.addWallet();
  expect(await ruleFor(known, wallet)).toMatchObject({
    rule: null,
    explanation: [{ rule: 'known', matched: false, why: 'does not match: destination_kind' }],
  });
  world.neighbourhood.known.set(PAYEE.toLowerCase(), ['address_book']);
  const { id, policy } = await created(world, wallet.id);
  expect(policy).toMatchObject({ rule: 'known' });
  world.neighbourhood.known.clear();
  expect(refusalOf(await askPayload(world, id))).toBe('409 illegal_transition');
  expect(await read(world, id)).toMatchObject({ status: 'rejected', reason: 'policy_denied' });
});

test('a request with data needs a rule that names the method it calls', async () => {
  const rules = [
    { name: 'anything', when: {} },
    { name: 'transfers', when: { methods: ['transfer(address,uint256)'] } },
  ];
  const wallet = world.addWallet();
  expect(await ruleFor(rules, wallet, { data: '0xA9059CBB00', amount: '0' })).toMatchObject({
    rule: 'transfers',
    explanation: [
      { rule: 'anything', matched: false, why: 'does not match: data' },
      { rule: 'transfers', matched: true },
    ],
  });
  expect(await ruleFor(rules, wallet, { data: '0x095ea7b300', amount: '0' })).toMatchObject({ rule: null });
});

test('the time of day is that of the submission: what was taken then is signed later, and nothing else', async () => {
  await ruleSet([{ name: 'now', when: { timeOfDay: around(0) } }]);
  const [early, late] = [world.addWallet(), world.addWallet()];
  const requests = [await created(world, early.id), await created(world, late.id)] as const;
  expect(requests.map(({ policy }) => policy?.rule)).toEqual(['now', 'now']);
  const anHourAgo = `UPDATE tx_requests SET submitted_at = submitted_at - INTERVAL '1 hour' WHERE id = $1`;
  await world.database.query(anHourAgo, [requests[0].id]);
  await ruleSet([{ name: 'an hour ago', when: { timeOfDay: around(-60) } }]);
  expect(await payload(world, requests[0].id)).toMatchObject({ transactionId: requests[0].id });
  expect(refusalOf(await askPayload(world, requests[1].id))).toBe('409 illegal_transition');
  expect(await read(world, requests[1].id)).toMatchObject({ status: 'rejected', reason: 'policy_denied' });
});

/** An hour of the day, half of it before and half after a moment so many minutes from now. */
function around(minutes: number) {
  const at = (offset: number) =>
    new Date(Date.now() + (minutes + offset) * MINUTE_MS).toISOString().slice(11, 16);
  return { from: at(-29), to: at(30) };
}
