import { type AttemptId, branded, type LeaseId, type UserId } from '@ironforge/kernel';
import { countingApprovers, quorumStatus } from '../policy/quorum.ts';
import type { Command, PolicyVerdict, Standing } from './command.ts';
import { decide } from './decide.ts';
import type { Event } from './event.ts';
import { fold } from './evolve.ts';
import { type Claim, hear, type Model, newModel, note } from './life-model.ts';
import { type Attempt, initialState, type TxRequest } from './state.ts';
import type { Depth } from './status.ts';

/** The intent hash that people are asked about. */
const HASH = '0xa11';
const INITIATOR = user(0);
const APPROVERS = [user(1), user(2), user(3)];
const PEOPLE = [INITIATOR, ...APPROVERS, user(4)];
const REQUIRED = 2;
const GROUPS = [[{ name: 'treasury', required: REQUIRED, approverIds: APPROVERS, role: null }]];
const VALID_UNTIL_MS = 10_000;
const TIMEOUT_MS = 4_000;

/** A request, what the clerk noted of it, and the people whose rights come and go. */
export type World = {
  nowMs: number;
  count: number;
  state: TxRequest;
  needsPeople: boolean;
  readonly model: Model;
  readonly active: Set<UserId>;
  /** What happened, in order. */
  readonly events: Event[];
};

/** What an observer is made to say in a step. */
export type Words = {
  readonly which: number;
  readonly depth: Depth;
  readonly version: number;
  readonly success: boolean;
};

/** A world with one draft, of a tenant with three approvers. */
export function newWorld(): World {
  const world: World = {
    nowMs: 0,
    count: 0,
    state: initialState,
    needsPeople: false,
    model: newModel(),
    active: new Set(PEOPLE),
    events: [],
  };
  apply(world, { type: 'create', intentHash: HASH, validUntilMs: VALID_UNTIL_MS });
  return world;
}

/** The policy decides; `effect` is what it says. */
export function submit(world: World, effect: PolicyVerdict['effect']): void {
  if (!apply(world, { type: 'submit', verdict: VERDICTS[effect] })) return;
  world.needsPeople = effect === 'require_approvals';
}

/** Somebody approves, perhaps without the right to, perhaps another hash. */
export function approve(world: World, which: number, isOtherHash: boolean): void {
  const userId = personOf(which);
  const intentHash = isOtherHash ? '0xbad' : HASH;
  const standing = standingOf(world, userId);
  const quorum = isQuorum(world, [...world.model.approvedBy, userId]);
  const isTaken = apply(world, { type: 'approve', userId, intentHash, standing, quorum });
  if (isTaken) world.model.approvedBy.add(userId);
}

/** Somebody rejects. */
export function reject(world: World, which: number): void {
  const userId = personOf(which);
  apply(world, {
    type: 'reject',
    userId,
    intentHash: HASH,
    standing: standingOf(world, userId),
    isDecisive: true,
  });
}

/** Somebody loses his rights, and the approval that rested on them goes. */
export function suspend(world: World, which: number): void {
  world.active.delete(personOf(which));
  if (world.needsPeople && !hasQuorum(world)) apply(world, { type: 'loseQuorum', timeoutMs: TIMEOUT_MS });
}

/** Somebody gets his rights back, and what he said counts again. */
export function reinstate(world: World, which: number): void {
  world.active.add(personOf(which));
  if (world.needsPeople && hasQuorum(world)) apply(world, { type: 'resolveQuorum', intentHash: HASH });
}

/** True when enough people who count have approved exactly this intent. */
export function hasQuorum(world: World): boolean {
  return isQuorum(world, [...world.model.approvedBy]);
}

/** A signer asks for the payment's payload, or for that of a replacement that waits for one. */
export function offer(world: World): void {
  const waiting = world.state.attempts.find(({ state, leaseId }) => state === 'offered' && leaseId === null);
  const { id: attemptId, kind } = waiting ?? {
    id: branded<AttemptId>(fresh(world)),
    kind: 'original' as const,
  };
  const leaseId = branded<LeaseId>(fresh(world));
  const nonce = world.state.boundNonce ?? world.count;
  apply(world, { type: 'offerPayload', attemptId, kind, leaseId, nonce, fence: world.count });
}

/** A signer hands in the bytes of some lease, whose nonce another one may have taken over. */
export function sign(world: World, which: number, isDisplaced: boolean): void {
  const leased = world.state.attempts.flatMap((one) =>
    one.leaseId === null ? [] : [{ ...one, leaseId: one.leaseId }],
  );
  const attempt = pick(leased, which);
  if (attempt === undefined) return;
  const { leaseId, fence } = attempt;
  apply(world, {
    type: 'acceptSignature',
    leaseId,
    txHash: bytesOf(attempt),
    slotFence: isDisplaced ? -1 : fence,
    isDue: which % 2 === 0,
  });
}

/** Somebody asks for a replacement. */
export function replace(world: World, type: 'speedUp' | 'cancelOnChain', needsApproval: boolean): void {
  const attemptId = branded<AttemptId>(fresh(world));
  const approvalTimeoutMs = needsApproval ? TIMEOUT_MS : null;
  apply(world, { type, attemptId, intentHash: `${HASH}:${attemptId}`, approvalTimeoutMs });
}

/** Something is said of one of the attempts. */
export function tell(
  world: World,
  which: number,
  type: 'displace' | 'dispatch' | 'noteAccepted' | 'noteRefused',
): void {
  const attempt = pick(world.state.attempts, which);
  if (attempt === undefined) return;
  const { id: attemptId } = attempt;
  apply(world, type === 'noteRefused' ? { type, attemptId, reason: 'evicted' } : { type, attemptId });
}

/** The watch over the bytes that were sent says what it sees of them. */
export function observe(world: World, { which, depth, version, success }: Words): void {
  const sent = world.state.attempts.filter(({ dispatched }) => dispatched);
  const attempt = depth === 'none' ? undefined : pick(sent, which);
  const winner = attempt ? { attemptId: attempt.id, ...minedAs(bytesOf(attempt), success) } : null;
  const isTaken = apply(world, { type: 'observe', version, depth, winner });
  if (isTaken) hear(world.model, 'watch', { version, depth, tx: attempt ? claimed(attempt, success) : null });
}

/** A block shows a transaction with the effect of an attempt, with its own bytes or with others. */
export function adopt(world: World, { which, depth, version, success }: Words): void {
  const { attempts, boundNonce } = world.state;
  const handedOut = attempts.filter(({ fence }) => fence !== null);
  const attempt = pick(handedOut, which);
  if (attempt === undefined || boundNonce === null || depth === 'none') return;
  const otherHash = `${attempt.id}?`;
  const tx = minedAs(which % 2 === 0 ? (attempt.txHash ?? otherHash) : otherHash, success);
  const newAttemptId = branded<AttemptId>(fresh(world));
  const news = { nonce: boundNonce, version, depth } as const;
  const isOurs = attempts.some(({ txHash, dispatched }) => txHash === tx.txHash && dispatched);
  if (!apply(world, { type: 'adopt', ...news, attemptId: attempt.id, newAttemptId, tx })) return;
  if (isOurs) forgetSlot(world, version);
  else hear(world.model, 'slot', { version, depth, tx: claimed(attempt, success) });
}

/** The nonce was spent by a stranger, or is free again. */
export function spendOutside(world: World, { depth, version }: Words): void {
  const nonce = world.state.boundNonce;
  if (nonce === null) return;
  if (depth === 'none') {
    if (apply(world, { type: 'unspend', nonce, version })) forgetSlot(world, version);
    return;
  }
  const isTaken = apply(world, { type: 'spendOutside', nonce, version, depth });
  if (isTaken) hear(world.model, 'slot', { version, depth, tx: { kind: 'stranger', success: true } });
}

/** Carries a command out; true when it was accepted. */
export function apply(world: World, command: Command): boolean {
  const outcome = decide(command, world.state, { nowMs: world.nowMs });
  if ('rejected' in outcome) return false;
  for (const event of outcome.accepted) note(world.model, event);
  world.events.push(...outcome.accepted);
  world.state = fold(outcome.accepted, world.state);
  return true;
}

const VERDICTS: Readonly<Record<PolicyVerdict['effect'], PolicyVerdict>> = {
  allow: { effect: 'allow' },
  deny: { effect: 'deny', reason: 'policy_denied' },
  require_approvals: { effect: 'require_approvals', timeoutMs: TIMEOUT_MS },
};

/** Nothing that is not there is taken back. */
function forgetSlot({ model }: World, version: number): void {
  if (model.slot.tx !== null) hear(model, 'slot', { version, depth: 'none', tx: null });
}

function isQuorum({ active }: World, given: readonly UserId[]): boolean {
  return quorumStatus(GROUPS, countingApprovers(given, [INITIATOR], active)).isMet;
}

function standingOf({ model, active }: World, userId: UserId): Standing {
  if (userId === INITIATOR) return 'initiator';
  if (!APPROVERS.includes(userId) || !active.has(userId)) return 'stranger';
  return model.approvedBy.has(userId) ? 'decided' : 'approver';
}

function claimed({ kind }: Attempt, success: boolean): Claim['tx'] {
  return { kind: kind === 'cancel' ? 'cancel' : 'payment', success };
}

/** The hash of the bytes that the holder of its lease hands in. */
function bytesOf({ id }: Attempt): string {
  return `${id}!`;
}

/** One block tells one outcome: another outcome is another block. */
function minedAs(txHash: string, success: boolean) {
  return { txHash, blockHeight: 1, blockHash: success ? '0xb1' : '0xb2', success };
}

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list[which % Math.max(list.length, 1)];
}

function personOf(which: number): UserId {
  return user(which % PEOPLE.length);
}

function user(index: number): UserId {
  return branded<UserId>(`u${index}`);
}

function fresh(world: World): string {
  return `n${(world.count += 1)}`;
}
