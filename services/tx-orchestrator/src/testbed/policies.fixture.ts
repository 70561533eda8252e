import { type ReplyOf, ROUTES, type RouteAnswer, type RouteInput } from '@ironforge/contracts';
import { refusalOf, replyOf } from './answers.fixture.ts';
import type { Person, World } from './world.fixture.ts';

type PolicyBody = NonNullable<RouteInput<(typeof ROUTES)['createPolicy']>['body']>;
type Policy = ReplyOf<(typeof ROUTES)['getPolicy']>;
export type Change = ReplyOf<(typeof ROUTES)['getChange']>;

/** The admin adds a policy, and everybody who has a say approves it where somebody has to. */
export async function installPolicy(world: World, body: PolicyBody): Promise<Policy> {
  const answer = await world.ask(world.people.admin, ROUTES.createPolicy, { body });
  if ('reply' in answer) return answer.reply;
  const { changeId, subjectId } = changeOf(answer);
  await approveAll(world, changeId);
  return replyOf(await world.ask(world.people.admin, ROUTES.getPolicy, { params: { id: subjectId } }));
}

/** Everything needs two approvers, who have so many hours. */
export async function installTimedPolicy(world: World, timeoutHours: number): Promise<Policy> {
  const groups = [{ name: 'g', role: 'approver' as const, required: 2 }];
  const effect = { type: 'require_approvals' as const, groups, timeoutHours };
  const rules = [{ name: 'timed', when: {}, effect }];
  return await installPolicy(world, { name: 'timed', isDefault: true, rules });
}

/** The change of an answer that must be one. */
export function changeOf(answer: RouteAnswer<(typeof ROUTES)['createPolicy']>) {
  if ('change' in answer) return answer.change;
  throw new Error(`no change: ${JSON.stringify(answer)}`);
}

/** A change as the API shows it. */
export async function readChange(world: World, id: string): Promise<Change> {
  return replyOf(await world.ask(world.people.ann, ROUTES.getChange, { params: { id } }));
}

/** One person decides about a change. */
export async function decideOn(
  world: World,
  person: Person,
  id: string,
  decision: 'approve' | 'reject' = 'approve',
) {
  const { changeHash } = await readChange(world, id);
  return await world.ask(person, ROUTES.decideChange, { params: { id }, body: { decision, changeHash } });
}

/** The approvers approve one after the other until the change is applied. */
async function approveAll(world: World, id: string): Promise<void> {
  const { ann, ben, eva } = world.people;
  for (const person of [ann, ben, eva]) {
    const answer = await decideOn(world, person, id);
    if ('reply' in answer && answer.reply.status === 'applied') return;
    if ('problem' in answer && answer.problem.code !== 'not_an_approver') throw new Error(refusalOf(answer));
  }
  throw new Error(`not applied: ${JSON.stringify(await readChange(world, id))}`);
}
