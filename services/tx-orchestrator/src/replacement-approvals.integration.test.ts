import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliver, userNews } from './testbed/news.fixture.ts';
import { published } from './testbed/published.fixture.ts';
import { installPolicy } from './testbed/policies.fixture.ts';
import {
  approvedAndSigned,
  askReplacement,
  askReplacementPayload,
  decideOn,
  type Kind,
} from './testbed/replacement.fixture.ts';
import { read, refusalOf, replyOf, setPolicy, signedRequest } from './testbed/story.fixture.ts';
import { type Person, startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** The fee ceiling that the first message of this type about a request says is held. */
async function heldAfter(id: string, type: string): Promise<unknown> {
  const told = await waitUntil(type, async () => {
    return (await published(world, (one) => one.type === type && one.subject === id)).at(0);
  });
  return told.data.request?.['heldFeeCeiling'];
}

const ask = (id: string, kind: Kind, body: { feeCeiling?: string } = {}, person?: Person) =>
  askReplacement(world, id, kind, person === undefined ? { body } : { body, person });
const askPayload = (id: string, kind: Kind) => askReplacementPayload(world, id, kind);

describe('where the policy lets one person pay alone', () => {
  test('another cannot raise the fee of his payment above what was approved', async () => {
    const { operator, admin } = world.people;
    const rules = [
      { name: 'operator', when: { initiators: [operator.userId] }, effect: { type: 'allow' as const } },
    ];
    const body = { name: 'operator alone', rules, isDefault: true };
    await installPolicy(world, body);
    const { id, shown } = await signedRequest(world, world.addWallet());
    const wish = { feeCeiling: (BigInt(shown.feeCeiling) + 1n).toString() };
    expect(refusalOf(await ask(id, 'speed_up', wish, admin))).toBe('409 illegal_transition');
    expect(replyOf(await ask(id, 'speed_up', wish)).attempts[1]).toMatchObject({ state: 'offered', ...wish });
  });
});

describe('where each asks other people', () => {
  const asking = (person: Person, required: number, ...people: readonly Person[]) => ({
    name: person.userId,
    when: { initiators: [person.userId] },
    effect: {
      type: 'require_approvals' as const,
      groups: [{ name: 'g', required, approvers: people.map(({ userId }) => userId) }],
    },
  });

  test('a higher fee needs those of who submitted it and those of who asks for it', async () => {
    const { operator, admin, ann, ben, eva } = world.people;
    const rules = [asking(admin, 1, ann), asking(operator, 2, ben, eva)];
    const { id: policyId } = await installPolicy(world, { name: 'each', rules, isDefault: false });
    const wallet = world.addWallet();
    world.neighbourhood.wallets.set(wallet.id, { ...wallet, policyId });
    const { id, feeCeiling } = await signedByApproval(wallet, [ben, eva]);
    const wish = { feeCeiling: `${BigInt(feeCeiling) * 1_000n}` };
    const hash = replyOf(await ask(id, 'speed_up', wish, admin)).attempts[1]?.intentHash ?? '';
    for (const person of [ann, ben]) replyOf(await decideOn(world, person, { id, intentHash: hash }));
    expect(await read(world, id)).toMatchObject({ attempts: [{}, { state: 'pending_approval' }] });
    replyOf(await decideOn(world, eva, { id, intentHash: hash }));
    expect(await read(world, id)).toMatchObject({ attempts: [{}, { state: 'offered' }] });
  });
});

describe('where two of three approve', () => {
  beforeAll(() => setPolicy(world, 'two of three'));

  test('above the approved ceiling the same people are asked about the new one, its asker left out', async () => {
    const { ann, ben, eva, admin } = world.people;
    const { id, feeCeiling, intentHash } = await signedByApproval();
    const wish = { feeCeiling: (BigInt(feeCeiling) + 1n).toString() };
    const asked = replyOf(await ask(id, 'speed_up', wish, admin));
    const attempt = asked.attempts[1];
    expect(attempt).toMatchObject({
      state: 'pending_approval',
      ...wish,
      required: [{ required: 2, given: 0 }],
    });
    expect(attempt?.intentHash).not.toBe(intentHash);
    expect(refusalOf(await askPayload(id, 'speed_up'))).toBe('409 illegal_transition');
    expect(await waiting(ben)).toContain(id);

    const hash = attempt?.intentHash ?? '';
    replyOf(await decideOn(world, ann, { id, intentHash: hash }));
    expect(refusalOf(await decideOn(world, ann, { id, intentHash: hash }))).toBe('409 already_decided');
    expect(refusalOf(await decideOn(world, admin, { id, intentHash: hash }))).toBe(
      '403 initiator_cannot_approve',
    );
    replyOf(await decideOn(world, eva, { id, intentHash: hash }));
    expect(await waiting(ben)).not.toContain(id);
    expect(await heldAfter(id, 'tx_request.attempt_added')).toBe(feeCeiling);
    expect(await heldAfter(id, 'tx_request.attempt_approved')).toBe(wish.feeCeiling);
    const offer = replyOf(await askPayload(id, 'speed_up'));
    expect(offer).toMatchObject({ intentHash: hash, intent: wish, required: [{ required: 2, given: 2 }] });
    expect(offer.approvals.map(({ userId }) => userId).toSorted()).toEqual(
      [ann.userId, eva.userId].toSorted(),
    );
  });

  test('one rejection ends it, and the same ceiling is not asked about again', async () => {
    const { id, feeCeiling } = await signedByApproval();
    const wish = { feeCeiling: (BigInt(feeCeiling) + 1n).toString() };
    const hash = replyOf(await ask(id, 'speed_up', wish)).attempts[1]?.intentHash ?? '';
    const rejected = replyOf(
      await decideOn(world, world.people.ben, { id, intentHash: hash, decision: 'reject' }),
    );
    expect(rejected).toMatchObject({ status: 'signed' });
    expect(rejected.attempts[1]).toMatchObject({ state: 'replaced' });
    expect(refusalOf(await ask(id, 'speed_up', wish))).toBe('409 illegal_transition');
    const again = replyOf(await ask(id, 'speed_up', { feeCeiling: (BigInt(feeCeiling) + 2n).toString() }));
    expect(again.attempts[2]).toMatchObject({ state: 'pending_approval' });
  });

  test('who is suspended meanwhile does not count for it', async () => {
    const { ann, ben } = world.people;
    const { id, feeCeiling } = await signedByApproval();
    const wish = { feeCeiling: (BigInt(feeCeiling) + 1n).toString() };
    const hash = replyOf(await ask(id, 'speed_up', wish)).attempts[1]?.intentHash ?? '';
    for (const person of [ann, ben]) replyOf(await decideOn(world, person, { id, intentHash: hash }));
    world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'suspended' });
    expect(refusalOf(await askPayload(id, 'speed_up'))).toBe('409 quorum_missing');
    world.neighbourhood.users.set(ann.userId, { roles: ['approver'], status: 'active' });
    expect(replyOf(await askPayload(id, 'speed_up'))).toMatchObject({ intentHash: hash });
  });

  test('who is reinstated counts again for it: his approval completes its quorum', async () => {
    const { ann, ben } = world.people;
    const { id, feeCeiling } = await signedByApproval();
    const wish = { feeCeiling: (BigInt(feeCeiling) + 1n).toString() };
    const hash = replyOf(await ask(id, 'speed_up', wish)).attempts[1]?.intentHash ?? '';
    replyOf(await decideOn(world, ann, { id, intentHash: hash }));
    await tellOf(ann, 'suspended');
    replyOf(await decideOn(world, ben, { id, intentHash: hash }));
    expect(await read(world, id)).toMatchObject({ attempts: [{}, { state: 'pending_approval' }] });
    await tellOf(ann, 'active');
    expect(await read(world, id)).toMatchObject({ attempts: [{}, { state: 'offered' }] });
  });
});

async function tellOf({ userId: id }: Person, status: 'active' | 'suspended'): Promise<void> {
  const user = { roles: ['approver' as const], status };
  world.neighbourhood.users.set(id, user);
  await deliver(world, userNews(world, { id, ...user }));
}

/** A signed payment of somebody's wallet that people approved, Ann and Ben if nobody is named. */
async function signedByApproval(
  wallet = world.addWallet(),
  approvers: readonly Person[] = [world.people.ann, world.people.ben],
) {
  return await approvedAndSigned(world, wallet, approvers);
}

async function waiting(person: Person): Promise<string[]> {
  const { data } = replyOf(await world.ask(person, ROUTES.listApprovals));
  return data.map(({ id }) => id);
}
