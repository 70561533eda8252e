import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, type Role, ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changeOf, decideOn, installPolicy } from './testbed/policies.fixture.ts';
import { published } from './testbed/published.fixture.ts';
import { askReplacement } from './testbed/replacement.fixture.ts';
import {
  askPayload,
  created,
  decide,
  payload,
  read,
  refusalOf,
  replyOf,
  setPolicy,
  sign,
  submit,
} from './testbed/story.fixture.ts';
import { startWorld, type World } from './testbed/world.fixture.ts';

let world: World;
let pinned: string;
let wallet: ReturnType<World['addWallet']>;
beforeAll(async () => {
  world = await startWorld();
  pinned = versionOf(await setPolicy(world, 'two of three'));
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  wallet = world.addWallet();
});

test('each step tells the roles of who took it, and the version that is pinned once there is one', async () => {
  const { id } = await created(world, wallet.id, { submit: false });
  replyOf(await world.ask(world.people.operator, ROUTES.submitTransaction, { params: { id } }));
  await approve(id);
  await payload(world, id);
  expect(await toldOf(id, 'payload_offered')).toEqual([
    ['created', 'operator', null],
    ['submitted', 'operator', pinned],
    ['approval_granted', 'approver', pinned],
    ['approval_granted', 'approver', pinned],
    ['approved', 'approver', pinned],
    ['payload_offered', 'signer', pinned],
  ]);
});

test('a denial at the payload names the version that denied', async () => {
  const { id } = await approved();
  const guard = await guardWith('deny');
  expect(refusalOf(await askPayload(world, id))).toBe('409 illegal_transition');
  expect((await toldOf(id, 'rejected')).at(-1)).toEqual(['rejected', 'signer', guard]);
});

test('a denial at the signature names the version that denied', async () => {
  const { id } = await approved();
  const offer = await payload(world, id);
  const guard = await guardWith('deny');
  expect(refusalOf(await submit(world, offer, sign(wallet.key, offer)))).toBe('409 illegal_transition');
  expect((await toldOf(id, 'rejected')).at(-1)).toEqual(['rejected', 'signer', guard]);
});

test('a replacement above the ceiling names the version that asks for approvals, and so do they', async () => {
  const { id, feeCeiling } = await approved();
  const offer = await payload(world, id);
  replyOf(await submit(world, offer, sign(wallet.key, offer)));
  const guard = await guardWith('two');
  const body = { feeCeiling: (BigInt(feeCeiling) + 1n).toString() };
  const hash = replyOf(await askReplacement(world, id, 'speed_up', { body })).attempts[1]?.intentHash ?? '';
  for (const person of [world.people.ann, world.people.ben])
    replyOf(
      await world.ask(person, ROUTES.decideTransaction, {
        params: { id },
        body: { decision: 'approve', intentHash: hash },
      }),
    );
  expect((await toldOf(id, 'attempt_approved')).slice(-4)).toEqual([
    ['attempt_added', 'operator', guard],
    ['approval_granted', 'approver', guard],
    ['approval_granted', 'approver', guard],
    ['attempt_approved', 'approver', guard],
  ]);
});

test('a change names the version of the default policy whose groups were asked, and so does what it writes', async () => {
  const { ann, ben, admin } = world.people;
  const rules = [{ name: 'deny', when: {}, effect: { type: 'deny' as const } }];
  const answer = await world.ask(admin, ROUTES.createPolicy, { body: { name: randomUUID(), rules } });
  const { changeId, subjectId } = changeOf(answer);
  for (const person of [ann, ben]) replyOf(await decideOn(world, person, changeId));
  expect(await toldOf(changeId, 'applied')).toEqual([
    ['proposed', 'admin', pinned],
    ['approval_granted', 'approver', pinned],
    ['approval_granted', 'approver', pinned],
    ['approved', 'approver', pinned],
    ['applied', null, pinned],
  ]);
  expect(await toldOf(subjectId, 'created')).toEqual([['created', null, pinned]]);
});

test('what another service proposes tells the roles that identity knows of its author', async () => {
  const author = { userId: world.people.admin.userId, apiKeyId: null };
  const base = { roles: ['approver'] as Role[], status: 'active' as const };
  const next = { ...base, roles: ['approver', 'admin'] as Role[] };
  const subject = { kind: 'update_user' as const, userId: world.people.ann.userId, base, next };
  const body = { tenantId: world.tenantId, changeId: randomUUID(), author, subject };
  replyOf(await world.tell(INTERNAL_ROUTES.proposeChange, { body }));
  expect(await toldOf(body.changeId, 'proposed')).toEqual([['proposed', 'admin', pinned]]);
});

/** What was told of an aggregate up to a step: each by its name, the roles and the version of a policy. */
async function toldOf(subject: string, last: string) {
  const all = await waitUntil(last, async () => {
    const messages = await published(world, (one) => one.subject === subject);
    return messages.some(({ type }) => type.endsWith(`.${last}`)) ? messages : null;
  });
  return all
    .toSorted((a, b) => a.aggregateversion - b.aggregateversion)
    .map(({ type, actorroles = null, policyid: id = null, policyversion: version = 0 }) => [
      type.split('.')[1],
      actorroles,
      id === null ? null : versionOf({ id, version }),
    ]);
}

function versionOf({ id, version }: { readonly id: string; readonly version: number }): string {
  return `${id} version ${version}`;
}

async function approve(id: string): Promise<void> {
  for (const person of [world.people.ann, world.people.ben]) replyOf(await decide(world, person, id));
}

async function approved() {
  const { id } = await created(world, wallet.id);
  await approve(id);
  return await read(world, id);
}

/** Another policy is in force for the wallet from now on. */
async function guardWith(effect: 'deny' | 'two'): Promise<string> {
  const groups = [{ name: 'g', role: 'approver' as const, required: 2 }];
  const asked = effect === 'two' ? ({ type: 'require_approvals', groups } as const) : { type: effect };
  const rules = [{ name: effect, when: {}, effect: asked }];
  const policy = await installPolicy(world, { name: randomUUID(), isDefault: false, rules });
  const guarded = world.neighbourhood.wallets.get(wallet.id);
  if (guarded) guarded.policyId = policy.id;
  return versionOf(policy);
}
