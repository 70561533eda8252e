import { type AttemptId, branded, type LeaseId, type TxRequestId } from '@ironforge/kernel';
import { type Attempt, openOffer } from '../request/state.ts';
import type { AttemptKind } from '../request/status.ts';
import type { Effect } from './adoption.ts';
import { chooseNonce } from './choose-nonce.ts';
import { minedTxs, type Quoted, quotedCount } from './history-chain.ts';
import { closeGap } from './history-lane.ts';
import {
  apply,
  effectOf,
  fresh,
  isSigned,
  laneOf,
  type Payload,
  requestOf,
  setSlot,
  type World,
} from './history-world.ts';
import { isNext } from './order.ts';
import { offeredSlot, type Slot, signedSlot } from './slot.ts';

const LEASE_MS = 100;

/** A signer asks for what he may sign of a request; the mined count is as some node tells it. */
export function askPayload(world: World, id: TxRequestId, quoted: Quoted): void {
  const minedCount = quotedCount(world.chain, quoted);
  const replacement = requestOf(world, id).attempts.find(isUnleasedReplacement);
  if (replacement === undefined) offerOriginal(world, id, minedCount);
  else offerReplacement(world, { requestId: id, attempt: replacement, minedCount });
}

/** Somebody asks for a replacement of what was signed; true when there is one to sign now. */
export function askReplacement(world: World, id: TxRequestId, type: 'speedUp' | 'cancelOnChain'): boolean {
  const attemptId = branded<AttemptId>(fresh(world));
  return apply(world, id, { type, attemptId, intentHash: attemptId, approvalTimeoutMs: null });
}

/** A signer hands in bytes, perhaps long after; true when they were taken. */
export function postSignature(world: World, payload: Payload): boolean {
  const { leaseId, requestId, nonce } = payload;
  const wasStored = holdsBytes(world, payload);
  if (!wasStored && isSignedByOther(world, payload)) return false;
  const slot = heldSlot(world, payload);
  const slotFence = slot?.fence ?? null;
  const isDue = slot !== undefined && isNext(laneOf(world), signedSlot(slot));
  const command = { type: 'acceptSignature', leaseId, txHash: leaseId, slotFence, isDue } as const;
  if (!apply(world, requestId, command)) return false;
  if (wasStored || !holdsBytes(world, payload)) return true;
  world.signedFor.set(nonce, (world.signedFor.get(nonce) ?? new Set()).add(requestId));
  if (slot === undefined) takeBack(world, payload);
  else setSlot(world, signedSlot(slot));
  closeGap(world, nonce, requestId);
  return true;
}

/** A signer broadcasts by himself, with the bytes he would hand in or with other fees. */
export function selfBroadcast(world: World, payload: Payload, hasOtherFee: boolean): void {
  const { requestId: origin, kind, nonce, leaseId } = payload;
  const hash = hasOtherFee ? `${leaseId}'` : leaseId;
  world.mempool.push({ hash, nonce, effect: effectOf(origin, kind), origin });
}

/** Somebody else who has the key sends something on the next nonce. */
export function strangerSends(world: World): void {
  const effect: Effect = { from: '0xme', to: '0xstranger', value: 1n, data: '0x' };
  const nonce = minedTxs(world.chain).length;
  world.mempool.push({ hash: `x${(world.count += 1)}`, nonce, effect, origin: null });
}

function offerOriginal(world: World, id: TxRequestId, minedCount: number): void {
  const state = requestOf(world, id);
  if (state.status !== 'approved' || openOffer(state, 'original')) return;
  world.minedCount ??= minedCount;
  const boundNonce = state.boundNonce ?? world.gapNonces.get(id) ?? null;
  const choice = chooseNonce({ ...laneOf(world), minedCount }, { requestId: id, boundNonce }, world.nowMs);
  if ('waiting' in choice) return;
  const { nonce, fence, displaces } = choice;
  if (displaces?.requestId) displace(world, displaces.requestId, nonce);
  const attemptId = branded<AttemptId>(fresh(world));
  const payload = offer(world, { requestId: id, attemptId, kind: 'original', nonce, fence });
  if (payload) setSlot(world, offeredSlot({ ...payload, expiresAtMs: world.nowMs + LEASE_MS }));
}

interface Replacing {
  readonly requestId: TxRequestId;
  readonly attempt: Attempt;
  readonly minedCount: number;
}

/** The slot stays signed: only its fence is raised. */
function offerReplacement(world: World, { requestId, attempt, minedCount }: Replacing): void {
  const { id: attemptId, kind, nonce } = attempt;
  const slot = world.slots.get(nonce);
  if (slot === undefined || nonce < minedCount) return;
  const payload = offer(world, { requestId, attemptId, kind, nonce, fence: world.fence + 1 });
  if (payload === null) return;
  const { leaseId, fence } = payload;
  setSlot(world, { ...slot, leaseId, fence, leaseExpiresAtMs: world.nowMs + LEASE_MS });
}

function offer(world: World, terms: Omit<Payload, 'leaseId'>): Payload | null {
  const payload = { ...terms, leaseId: branded<LeaseId>(fresh(world)) };
  if (!apply(world, terms.requestId, { type: 'offerPayload', ...payload })) return null;
  world.fence = terms.fence;
  world.payloads.push(payload);
  return payload;
}

function isUnleasedReplacement({ kind, state, leaseId }: Attempt): boolean {
  return kind !== 'original' && state === 'offered' && leaseId === null;
}

function displace(world: World, id: TxRequestId, nonce: number): void {
  const open = requestOf(world, id).attempts.find((one) => one.state === 'offered' && one.nonce === nonce);
  if (open) apply(world, id, { type: 'displace', attemptId: open.id });
}

function holdsBytes(world: World, { requestId, leaseId }: Payload): boolean {
  return requestOf(world, requestId).attempts.some((one) => one.leaseId === leaseId && one.bytesStored);
}

/** Bytes of another request are stored for the nonce that a block shows spent. */
function isSignedByOther(world: World, { requestId, nonce }: Payload): boolean {
  const holder = otherHolder(world, { requestId, nonce });
  return holder !== null && requestOf(world, holder).boundNonce === nonce && isSigned(world, holder);
}

/** What a block shows is its signer's, whoever was offered the nonce meanwhile. */
function takeBack(world: World, { requestId, nonce, leaseId, fence }: Payload): void {
  const slot = world.slots.get(nonce);
  if (slot === undefined || slot.requestId === requestId) return;
  if (slot.requestId !== null) displace(world, slot.requestId, nonce);
  setSlot(world, { ...slot, requestId, leaseId, fence });
}

function otherHolder(
  world: World,
  { requestId, nonce }: Pick<Payload, 'requestId' | 'nonce'>,
): TxRequestId | null {
  const slot = world.slots.get(nonce);
  return slot?.state === 'spent' && slot.requestId !== requestId ? slot.requestId : null;
}

/** The slot whose fence counts: a payment's is offered to it, a replacement's holds the payment's bytes already. */
function heldSlot(world: World, { requestId, kind, nonce }: Payload): Slot | undefined {
  const slot = world.slots.get(nonce);
  const held = STATE_HELD[kind];
  return slot?.state === held && slot.requestId === requestId ? slot : undefined;
}

const STATE_HELD: Readonly<Record<AttemptKind, Slot['state']>> = {
  original: 'offered',
  speed_up: 'signed',
  cancel: 'signed',
};
