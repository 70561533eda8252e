import { type AttemptId, branded, type LeaseId, type TxRequestId } from '@ironforge/kernel';
import type { Command } from '../request/command.ts';
import { decide } from '../request/decide.ts';
import { fold } from '../request/evolve.ts';
import { type Attempt, initialState, newestSigned, openOffer, type TxRequest } from '../request/state.ts';
import type { Depth } from '../request/status.ts';
import type { Effect, Holder } from './adoption.ts';
import { chooseNonce, type Lane } from './choose-nonce.ts';
import { type Block, FINAL, minedTx, minedTxs, placeOf, type SignedTx } from './history-chain.ts';
import { sendableSlots } from './order.ts';
import { settleNonce } from './settle.ts';
import { offeredSlot, releasedSlot, type Slot, signedSlot, spentSlot, unspentSlot } from './slot.ts';

const LEASE_MS = 100;

/** What a signer once got, and keeps for ever. */
export type Payload = {
  requestId: TxRequestId;
  attemptId: AttemptId;
  leaseId: LeaseId;
  nonce: number;
  fence: number;
};

type Message =
  | { type: 'observed'; requestId: TxRequestId; version: number }
  | { type: 'spent'; nonce: number; version: number };

/** The chain's view of a nonce or a request when a message was made: messages carry whole states. */
type Sent = {
  readonly message: Message;
  readonly tx: SignedTx | null;
  readonly block: Block | null;
  readonly depth: Depth;
};

/** One lane, its requests, signers, a chain that reorganizes, and messages that come late, twice or disordered. */
export type World = {
  nowMs: number;
  count: number;
  version: number;
  fence: number;
  readonly requests: Map<TxRequestId, TxRequest>;
  readonly slots: Map<number, Slot & { spentVersion: number }>;
  readonly payloads: Payload[];
  readonly mempool: SignedTx[];
  readonly chain: Block[];
  readonly post: Sent[];
  /** Which requests ever had signed bytes stored for a nonce. */
  readonly signedFor: Map<number, Set<TxRequestId>>;
};

/** A world with so many approved requests; every two of them wish exactly the same. */
export function newWorld(size: number): World {
  const ids = Array.from({ length: size }, (_, index) => branded<TxRequestId>(`r${index}`));
  const requests = new Map(ids.map((id) => [id, approvedRequest(id)]));
  const counters = { nowMs: 0, count: 0, version: 0, fence: 0 };
  return {
    ...counters,
    requests,
    slots: new Map(),
    payloads: [],
    mempool: [],
    chain: [],
    post: [],
    signedFor: new Map(),
  };
}

/** A signer asks for a payload; the mined count may be as old as the last block. */
export function askPayload(world: World, id: TxRequestId, isStale: boolean): void {
  const state = requestOf(world, id);
  if (state.status !== 'approved' || openOffer(state, 'original')) return;
  const minedCount = minedTxs(isStale ? world.chain.slice(0, -1) : world.chain).length;
  const lane = { ...laneOf(world), minedCount };
  const choice = chooseNonce(lane, { requestId: id, boundNonce: state.boundNonce }, world.nowMs);
  if ('waiting' in choice) return;
  const { nonce, fence, displaces } = choice;
  if (displaces?.requestId) displace(world, displaces.requestId, nonce);
  const payload = {
    requestId: id,
    attemptId: branded<AttemptId>(fresh(world)),
    leaseId: branded<LeaseId>(fresh(world)),
    nonce,
    fence,
  };
  if (!apply(world, id, { type: 'offerPayload', kind: 'original', ...payload })) return;
  world.fence = fence;
  world.payloads.push(payload);
  setSlot(world, offeredSlot({ ...payload, expiresAtMs: world.nowMs + LEASE_MS }));
}

/** A signer hands in bytes, perhaps long after; true when they were taken. */
export function postSignature(world: World, payload: Payload): boolean {
  const slot = world.slots.get(payload.nonce);
  const { leaseId, requestId, nonce } = payload;
  const isHeld = slot?.state === 'offered' && slot.requestId === requestId;
  const command = {
    type: 'acceptSignature',
    leaseId,
    txHash: leaseId,
    slotFence: isHeld ? slot.fence : null,
  } as const;
  const before = requestOf(world, requestId).version;
  const isTaken = apply(world, requestId, command);
  if (!isTaken || requestOf(world, requestId).version === before || slot === undefined) return isTaken;
  setSlot(world, signedSlot(slot));
  world.signedFor.set(nonce, (world.signedFor.get(nonce) ?? new Set()).add(requestId));
  return true;
}

/** A signer broadcasts by himself, with the bytes he would hand in or with other fees. */
export function selfBroadcast(world: World, payload: Payload, hasOtherFee: boolean): void {
  const { requestId: origin, nonce, leaseId } = payload;
  const hash = hasOtherFee ? `${leaseId}'` : leaseId;
  world.mempool.push({ hash, nonce, effect: effectOf(origin), origin });
}

/** Somebody else who has the key sends something on the next nonce. */
export function strangerSends(world: World): void {
  const effect: Effect = { from: '0xme', to: '0xstranger', value: 1n, data: '0x' };
  const nonce = minedTxs(world.chain).length;
  world.mempool.push({ hash: `x${(world.count += 1)}`, nonce, effect, origin: null });
}

/** The orchestrator sends what is signed and in the window. */
export function sendWindow(world: World): void {
  for (const slot of sendableSlots(laneOf(world))) {
    const { requestId } = slot;
    const attempt = requestId && newestSigned(requestOf(world, requestId));
    if (
      !requestId ||
      !attempt?.txHash ||
      !apply(world, requestId, { type: 'dispatch', attemptId: attempt.id })
    )
      continue;
    world.mempool.push({
      hash: attempt.txHash,
      nonce: slot.nonce,
      effect: effectOf(requestId),
      origin: requestId,
    });
  }
}

/** A block is mined; `pick` chooses among the transactions that fit the next nonce. */
export function mineBlock(world: World, pick: number): void {
  const nonce = minedTxs(world.chain).length;
  const fitting = world.mempool.filter((tx) => tx.nonce === nonce);
  const tx = fitting[pick % (fitting.length + 1)];
  world.chain.push({ hash: `b${(world.count += 1)}`, txs: tx ? [tx] : [] });
  report(world);
}

/** The last blocks are undone, none of them final; their transactions are known to the nodes still. */
export function reorg(world: World, depth: number): void {
  const undone = Math.min(depth, FINAL - 1, world.chain.length);
  world.chain.splice(world.chain.length - undone, undone);
  report(world);
}

/** Delivers one message, again if `isKept`: handlers must not mind. */
export function deliver(world: World, index: number, isKept: boolean): void {
  const at = index % Math.max(world.post.length, 1);
  const sent = world.post[at];
  if (sent === undefined) return;
  if (!isKept) world.post.splice(at, 1);
  if (sent.message.type === 'observed') handleObserved(world, sent.message, sent);
  else handleSpent(world, sent.message, sent);
}

/** A person cancels, or time ends a request. */
export function endRequest(world: World, id: TxRequestId): void {
  apply(world, id, { type: 'cancel' });
}

/** Time passes: slots of requests that ended unsigned become free when their lease is over. */
export function passTime(world: World, ms: number): void {
  world.nowMs += ms;
  for (const slot of world.slots.values()) {
    const hasEnded = slot.requestId !== null && requestOf(world, slot.requestId).status === 'cancelled';
    if (hasEnded) setSlot(world, releasedSlot(slot, world.nowMs));
  }
}

/** What a request does on the chain; two requests each wish the same. */
export function effectOf(id: TxRequestId): Effect {
  return { from: '0xme', to: `0x${Math.floor(Number(id.slice(1)) / 2)}`, value: 5n, data: '0x' };
}

/** A request as it stands. */
export function requestOf(world: World, id: TxRequestId): TxRequest {
  return world.requests.get(id) ?? initialState;
}

function approvedRequest(id: TxRequestId): TxRequest {
  return fold([
    { type: 'created', intentHash: id, validUntilMs: Number.MAX_SAFE_INTEGER },
    { type: 'submitted', approvalDeadlineMs: null },
    { type: 'approved' },
  ]);
}

function apply(world: World, id: TxRequestId, command: Command): boolean {
  const state = requestOf(world, id);
  const outcome = decide(command, state, { nowMs: world.nowMs });
  if ('rejected' in outcome) return false;
  world.requests.set(id, fold(outcome.accepted, state));
  return true;
}

function displace(world: World, id: TxRequestId, nonce: number): void {
  const offer = requestOf(world, id).attempts.find((one) => one.state === 'offered' && one.nonce === nonce);
  if (offer) apply(world, id, { type: 'displace', attemptId: offer.id });
}

function laneOf(world: World): Lane {
  const mined = minedTxs(world.chain).length;
  return { slots: [...world.slots.values()], minedCount: mined, fence: world.fence };
}

function setSlot(world: World, slot: Slot): void {
  world.slots.set(slot.nonce, { spentVersion: world.slots.get(slot.nonce)?.spentVersion ?? -1, ...slot });
}

/** The watcher tells every request's and every nonce's present state, with one version for all of it. */
function report(world: World): void {
  world.version += 1;
  const { version } = world;
  for (const [requestId, state] of world.requests) {
    const sent = state.attempts.filter(({ dispatched }) => dispatched);
    if (sent.length === 0) continue;
    const tx = minedTxs(world.chain).find(({ hash }) => sent.some(({ txHash }) => txHash === hash)) ?? null;
    world.post.push({ message: { type: 'observed', requestId, version }, tx, ...placeOf(world.chain, tx) });
  }
  const highest = Math.max(-1, ...world.mempool.map(({ nonce }) => nonce));
  for (let nonce = 0; nonce <= highest; nonce += 1) {
    const tx = minedTxs(world.chain)[nonce] ?? null;
    world.post.push({ message: { type: 'spent', nonce, version }, tx, ...placeOf(world.chain, tx) });
  }
}

function handleObserved(
  world: World,
  { requestId, version }: Message & { type: 'observed' },
  sent: Sent,
): void {
  const { tx, block, depth } = sent;
  const attempt = requestOf(world, requestId).attempts.find(({ txHash }) => txHash === tx?.hash);
  const winner = tx && attempt ? { attemptId: attempt.id, ...minedTx(tx, block) } : null;
  apply(world, requestId, { type: 'observe', version, depth, winner });
}

function handleSpent(
  world: World,
  { nonce, version }: Message & { type: 'spent' },
  { tx, block, depth }: Sent,
): void {
  const slot = world.slots.get(nonce) ?? { ...strangersSlot(nonce), spentVersion: -1 };
  if (slot.spentVersion >= version) return;
  const spent = { nonce, version, depth, tx: tx && { ...minedTx(tx, block), effect: tx.effect } };
  for (const { requestId, command } of settleNonce(
    spent,
    holdersOf(world, nonce),
    branded<AttemptId>(fresh(world)),
  )) {
    apply(world, requestId, command);
  }
  world.slots.set(nonce, { ...settledSlot(world, slot, depth), spentVersion: version });
}

function settledSlot(world: World, slot: Slot, depth: Depth): Slot {
  if (depth !== 'none') return spentSlot(slot);
  if (slot.state !== 'spent') return slot;
  const isSigned = slot.requestId !== null && world.signedFor.get(slot.nonce)?.has(slot.requestId) === true;
  return unspentSlot(slot, isSigned);
}

function strangersSlot(nonce: number): Slot {
  return { nonce, state: 'free', requestId: null, leaseId: null, fence: 0, leaseExpiresAtMs: null };
}

function holdersOf(world: World, nonce: number): readonly Holder[] {
  return [...world.requests].flatMap(([requestId, { attempts }]) =>
    attempts.filter((attempt) => attempt.nonce === nonce).map((attempt) => holder(requestId, attempt)),
  );
}

function holder(requestId: TxRequestId, { id, fence, txHash }: Attempt): Holder {
  return { requestId, attemptId: id, fence: fence ?? 0, effect: effectOf(requestId), txHash };
}

function fresh(world: World): string {
  return `n${(world.count += 1)}`;
}
