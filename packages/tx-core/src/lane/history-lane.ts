import { branded, type TxRequestId } from '@ironforge/kernel';
import { newestSigned } from '../request/state.ts';
import { type Quoted, quotedCount } from './history-chain.ts';
import {
  apply,
  approvedRequest,
  effectOf,
  fresh,
  laneOf,
  requestOf,
  setSlot,
  type World,
} from './history-world.ts';
import { recounted } from './mined-count.ts';
import { openGaps, sendableSlots } from './order.ts';
import { freedSlot, releasedSlot } from './slot.ts';

/** The orchestrator sends what is signed and in the window. */
export function sendWindow(world: World): void {
  for (const { nonce, requestId } of sendableSlots(laneOf(world)))
    if (requestId) send(world, requestId, nonce);
}

/** Opens a task for each nonce that nobody may sign for while signed bytes wait above it. */
export function fillGaps(world: World): void {
  const isFilled = (nonce: number) => openTasks(world).some((task) => task.nonce === nonce);
  for (const nonce of openGaps(laneOf(world), world.nowMs)) if (!isFilled(nonce)) openTask(world, nonce);
}

/** The lane's count is what a node says now; tasks below it have nothing to fill. */
export function recount(world: World, quoted: Quoted): void {
  if (world.minedCount === null) return;
  const minedCount = recounted(laneOf(world).slots, quotedCount(world.chain, quoted));
  world.minedCount = minedCount;
  for (const { id, nonce } of openTasks(world)) if (nonce < minedCount) endRequest(world, id);
}

/** Ends the task for a nonce that something else has filled; one that was signed itself stays. */
export function closeGap(world: World, nonce: number, filledBy: TxRequestId | null): void {
  const task = openTasks(world).find((one) => one.nonce === nonce && one.id !== filledBy);
  if (task) apply(world, task.id, { type: 'cancel' });
}

/** The tasks of the system that nobody has signed. */
export function openTasks(world: World): readonly { readonly id: TxRequestId; readonly nonce: number }[] {
  const tasks = [...world.gapNonces].map(([id, nonce]) => ({ id, nonce }));
  return tasks.filter(({ id }) => requestOf(world, id).status === 'approved');
}

/** A person cancels, or time ends a request. */
export function endRequest(world: World, id: TxRequestId): void {
  apply(world, id, { type: 'cancel' });
}

/** The policy now in force denies it: an unsigned lease ends with it. */
export function denyRequest(world: World, id: TxRequestId): void {
  if (!apply(world, id, { type: 'deny', reason: 'policy_denied' })) return;
  for (const slot of world.slots.values())
    if (slot.state === 'offered' && slot.requestId === id) setSlot(world, freedSlot(slot));
}

/** Time passes: slots of requests that ended unsigned become free when their lease is over. */
export function passTime(world: World, ms: number): void {
  world.nowMs += ms;
  for (const slot of world.slots.values()) {
    const hasEnded = slot.requestId !== null && requestOf(world, slot.requestId).status === 'cancelled';
    if (hasEnded) setSlot(world, releasedSlot(slot, world.nowMs));
  }
}

function send(world: World, id: TxRequestId, nonce: number): void {
  const attempt = newestSigned(requestOf(world, id));
  if (!attempt?.txHash || !apply(world, id, { type: 'dispatch', attemptId: attempt.id })) return;
  const { txHash: hash, kind } = attempt;
  world.mempool.push({ hash, nonce, effect: effectOf(id, kind), origin: id });
}

function openTask(world: World, nonce: number): void {
  const id = branded<TxRequestId>(`g${fresh(world)}`);
  world.requests.set(id, approvedRequest(id));
  world.gapNonces.set(id, nonce);
}
