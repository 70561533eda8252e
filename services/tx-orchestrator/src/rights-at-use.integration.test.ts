import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installPolicy } from './testbed/policies.fixture.ts';
import { deliver, userNews } from './testbed/news.fixture.ts';
import { approvedAndSigned, askReplacement, decideOn } from './testbed/replacement.fixture.ts';
import { published } from './testbed/published.fixture.ts';
import {
  askPayload,
  create,
  created,
  decide,
  read,
  refusalOf,
  replyOf,
  setPolicy,
} from './testbed/story.fixture.ts';
import { CHAIN_ID, type Person, startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test('who lost the role that may approve counts no more, and neither does a vote of his', async () => {
  const { ann, ben, eva } = world.people;
  await setPolicy(world, 'two of three');
  const { id } = await created(world, world.addWallet().id);
  replyOf(await decide(world, ann, id));
  world.neighbourhood.users.set(ann.userId, { roles: ['user'], status: 'active' });
  replyOf(await decide(world, ben, id));
  expect(await read(world, id)).toMatchObject({ status: 'pending_approval' });
  replyOf(await decide(world, eva, id));
  expect(await read(world, id)).toMatchObject({ status: 'approved' });
  world.neighbourhood.users.set(eva.userId, { roles: ['user'], status: 'active' });
  expect(refusalOf(await askPayload(world, id))).toBe('409 quorum_missing');
  world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'active' });
  world.neighbourhood.users.set(eva.userId, { roles: ['approver'], status: 'active' });
});

test('who is reinstated counts again: his votes complete the quorum, once, however often he is told of', async () => {
  const { ann, ben } = world.people;
  await setPolicy(world, 'two of three');
  const lost = await approvedRequest(world);
  const incomplete = await created(world, world.addWallet().id);
  replyOf(await decide(world, ann, incomplete.id));
  await tellOf(world, ann, 'suspended');
  expect(refusalOf(await askPayload(world, lost))).toBe('409 quorum_missing');
  expect(await read(world, lost)).toMatchObject({ status: 'pending_approval' });
  await tellOf(world, ben, 'active');
  expect(await read(world, lost)).toMatchObject({ status: 'pending_approval' });
  await tellOf(world, ann, 'active', { times: 3 });
  expect(await read(world, lost)).toMatchObject({ status: 'approved' });
  expect(await read(world, incomplete.id)).toMatchObject({ status: 'pending_approval' });
  const approvals = await waitUntil('both approvals to be told of', async () => {
    const isOne = ({ type, subject }: { type: string; subject: string }) =>
      type === 'tx_request.approved' && subject === lost;
    const told = await published(world, isOne);
    return told.length > 1 ? told : null;
  });
  expect(approvals).toHaveLength(2);
});

test('who is reinstated while a payload is asked for counts, though identity had said before that he does not', async () => {
  const { ann } = world.people;
  await setPolicy(world, 'two of three');
  const request = await approvedRequest(world);
  await tellOf(world, ann, 'suspended');
  const asked = Promise.withResolvers<void>();
  world.neighbourhood.meanwhile.set(ann.userId, async () => asked.resolve());
  const chain = Promise.withResolvers<void>();
  world.neighbourhood.chainAnswers.set(CHAIN_ID, chain.promise);
  const answer = askPayload(world, request);
  await asked.promise;
  await new Promise(setImmediate);
  await tellOf(world, ann, 'active');
  world.neighbourhood.chainAnswers.delete(CHAIN_ID);
  chain.resolve();
  expect(refusalOf(await answer)).toBe('409 quorum_missing');
  expect(await read(world, request)).toMatchObject({ status: 'approved' });
  replyOf(await askPayload(world, request));
});

test('who was reinstated and told of while identity was away for us counts all the same after a while', async () => {
  const { ann, ben } = world.people;
  await setPolicy(world, 'two of three');
  const lost = await approvedRequest(world);
  const overtaken = await created(world, world.addWallet().id);
  replyOf(await decide(world, ann, overtaken.id));
  const dearer = await replacementOf(world, ann);
  const never = await created(world, world.addWallet().id);
  replyOf(await decide(world, ann, never.id));
  await tellOf(world, ann, 'suspended');
  expect(refusalOf(await askPayload(world, lost))).toBe('409 quorum_missing');
  replyOf(await decide(world, ben, overtaken.id));
  expect(await read(world, overtaken.id)).toMatchObject({ status: 'pending_approval' });
  replyOf(await decideOn(world, ben, dearer));
  expect(await read(world, dearer.id)).toMatchObject({ attempts: [{}, { state: 'pending_approval' }] });
  world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'active' });
  for (const id of [lost, overtaken.id])
    await waitUntil('the quorum to be there', async () => (await read(world, id)).status === 'approved', {
      timeoutMs: 25_000,
    });
  await waitUntil('that of the higher fee', async () => {
    return (await read(world, dearer.id)).attempts[1]?.state === 'offered';
  });
  expect(await read(world, never.id)).toMatchObject({ status: 'pending_approval' });
});

test('who is reinstated in a suspended tenant completes nothing', async () => {
  const { ann } = world.people;
  const lost = await approvedRequest(world);
  await tellOf(world, ann, 'suspended');
  expect(refusalOf(await askPayload(world, lost))).toBe('409 quorum_missing');
  world.neighbourhood.tenantStatus = 'suspended';
  await tellOf(world, ann, 'active');
  world.neighbourhood.tenantStatus = 'active';
  expect(await read(world, lost)).toMatchObject({ status: 'pending_approval' });
});

test('in a suspended tenant nothing is asked for, decided or signed', async () => {
  const wallet = world.addWallet();
  const { id } = await created(world, wallet.id);
  world.neighbourhood.tenantStatus = 'suspended';
  expect(refusalOf(await create(world, wallet.id))).toBe('403 permission_denied');
  expect(refusalOf(await decide(world, world.people.ann, id))).toBe('403 permission_denied');
  world.neighbourhood.tenantStatus = 'active';
  replyOf(await decide(world, world.people.ann, id));
});

test('a policy that is to be the default takes the place of the one that was', async () => {
  const wallet = world.addWallet();
  const rules = [{ name: 'stop', when: {}, effect: { type: 'deny' } as const }];
  const post = (body: { name: string; isDefault?: boolean }) =>
    world.ask(world.people.admin, ROUTES.createPolicy, { body: { ...body, rules } });
  expect(await installPolicy(world, { name: 'another', rules })).toMatchObject({ isDefault: false });
  expect(await created(world, wallet.id)).toMatchObject({ status: 'pending_approval' });
  const stop = await installPolicy(world, { name: 'stop', isDefault: true, rules });
  expect(await created(world, wallet.id)).toMatchObject({ status: 'rejected', policy: { id: stop.id } });
  const atOnce = await Promise.all(['a', 'b', 'c'].map((name) => post({ name, isDefault: true })));
  expect(atOnce.filter((answer) => 'reply' in answer).length).toBeGreaterThan(0);
  const listed = replyOf(await world.ask(world.people.admin, ROUTES.listPolicies));
  expect(listed.data.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  expect(atOnce.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual([]);
});

/** A request that Ann and Ben approved. */
async function approvedRequest(world: World): Promise<string> {
  const { id } = await created(world, world.addWallet().id);
  replyOf(await decide(world, world.people.ann, id));
  expect(replyOf(await decide(world, world.people.ben, id))).toMatchObject({ status: 'approved' });
  return id;
}

/** A higher fee for a signed payment, which one of two has approved. */
async function replacementOf(world: World, approver: Person) {
  const { ann, ben } = world.people;
  const { id, feeCeiling } = await approvedAndSigned(world, world.addWallet(), [ann, ben]);
  const body = { feeCeiling: `${BigInt(feeCeiling) + 1n}` };
  const intentHash = replyOf(await askReplacement(world, id, 'speed_up', { body })).attempts[1]?.intentHash;
  const asked = { id, intentHash: intentHash ?? '' };
  replyOf(await decideOn(world, approver, asked));
  return asked;
}

/** An approver's status changes, and identity tells of it. */
async function tellOf(
  world: World,
  { userId }: Person,
  status: 'active' | 'suspended',
  { times } = { times: 1 },
): Promise<void> {
  const user = { roles: ['approver' as const], status };
  world.neighbourhood.users.set(userId, user);
  const message = userNews(world, { id: userId, ...user });
  await deliver(world, ...Array.from({ length: times }, () => message));
}
