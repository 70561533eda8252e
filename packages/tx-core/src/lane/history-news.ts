import { type AttemptId, branded, type TxRequestId } from '@ironforge/kernel';
import type { Attempt, TxRequest } from '../request/state.ts';
import type { Depth } from '../request/status.ts';
import type { Holder } from './adoption.ts';
import { FINAL, minedTx, minedTxs, placeOf } from './history-chain.ts';
import { closeGap } from './history-lane.ts';
import {
  apply,
  effectOf,
  fresh,
  isSigned,
  type Message,
  requestOf,
  type WatchedSlot,
  type World,
} from './history-world.ts';
import { minedCountAfter } from './mined-count.ts';
import { settleNonce } from './settle.ts';
import { type Slot, spentSlot, unspentSlot } from './slot.ts';

/** A block is mined; `pick` chooses among the transactions that fit the next nonce, or none. */
export function mineBlock(world: World, pick: number): void {
  const nonce = minedTxs(world.chain).length;
  const fitting = world.mempool.filter((tx) => tx.nonce === nonce);
  const tx = fitting[pick % (fitting.length + 1)];
  world.chain.push({ hash: `b${(world.count += 1)}`, txs: tx ? [tx] : [] });
  world.mostMined = Math.max(world.mostMined, minedTxs(world.chain).length);
  world.finalBlocks = Math.max(world.finalBlocks, world.chain.length - FINAL + 1);
  report(world);
}

/** The last blocks are undone, none that was ever final; the nodes still know their transactions. */
export function reorg(world: World, depth: number): void {
  const undone = Math.min(depth, world.chain.length - world.finalBlocks);
  world.chain.splice(world.chain.length - undone, undone);
  report(world);
}

/** The nodes lose all that is in no block. */
export function forget(world: World): void {
  world.mempool.length = 0;
}

/** Delivers one message, again if `isKept`: handlers must not mind. */
export function deliver(world: World, index: number, isKept: boolean): void {
  const at = index % Math.max(world.post.length, 1);
  const message = world.post[at];
  if (message === undefined) return;
  if (!isKept) world.post.splice(at, 1);
  if ('nonce' in message.about) handleSpent(world, message, message.about.nonce);
  else handleObserved(world, message, message.about.requestId);
}

/** The watcher tells every request's and every nonce's present state, with one version for all of it. */
function report(world: World): void {
  world.version += 1;
  const { version } = world;
  for (const [requestId, state] of world.requests) {
    const sent = state.attempts.filter(({ dispatched }) => dispatched);
    if (sent.length === 0) continue;
    const tx = minedTxs(world.chain).find(({ hash }) => sent.some(({ txHash }) => txHash === hash)) ?? null;
    world.post.push({ about: { requestId }, version, tx, ...placeOf(world.chain, tx) });
  }
  for (let nonce = 0; nonce < world.mostMined; nonce += 1) {
    const tx = minedTxs(world.chain)[nonce] ?? null;
    world.post.push({ about: { nonce }, version, tx, ...placeOf(world.chain, tx) });
  }
}

function handleObserved(world: World, message: Message, requestId: TxRequestId): void {
  const { tx, block, depth, version } = message;
  const attempt = requestOf(world, requestId).attempts.find(({ txHash }) => txHash === tx?.hash);
  const winner = tx && attempt ? { attemptId: attempt.id, ...minedTx(tx, block) } : null;
  apply(world, requestId, { type: 'observe', version, depth, winner });
}

function handleSpent(world: World, { tx, block, depth, version }: Message, nonce: number): void {
  const slot = world.slots.get(nonce) ?? strangersSlot(nonce);
  if (world.minedCount === null || slot.spentVersion >= version) return;
  const spent = { nonce, version, depth, tx: tx && { ...minedTx(tx, block), effect: tx.effect } };
  const newAttemptId = branded<AttemptId>(fresh(world));
  for (const { requestId, command } of settleNonce(spent, holdersOf(world, nonce), newAttemptId)) {
    apply(world, requestId, command);
  }
  world.slots.set(nonce, { ...settledSlot(world, slot, depth), spentVersion: version });
  world.minedCount = minedCountAfter(world.minedCount, { nonce, depth });
  if (depth !== 'none') closeGap(world, nonce, null);
}

function settledSlot(world: World, slot: Slot, depth: Depth): Slot {
  if (depth !== 'none') return spentSlot(slot);
  if (slot.state !== 'spent') return slot;
  return unspentSlot(slot, slot.requestId !== null && isSigned(world, slot.requestId));
}

function strangersSlot(nonce: number): WatchedSlot {
  const nobody = { requestId: null, leaseId: null, leaseExpiresAtMs: null };
  return { nonce, state: 'free', fence: 0, spentVersion: -1, ...nobody };
}

/** The attempts whose payload was ever handed out, of the requests that may still take only that nonce. */
function holdersOf(world: World, nonce: number): readonly Holder[] {
  const isBound = ([, { boundNonce }]: readonly [TxRequestId, TxRequest]) => boundNonce === nonce;
  return [...world.requests]
    .filter(isBound)
    .flatMap(([id, { attempts }]) => attempts.flatMap((attempt) => holder(id, attempt)));
}

function holder(requestId: TxRequestId, { id, kind, fence, txHash }: Attempt): readonly Holder[] {
  if (fence === null) return [];
  return [{ requestId, attemptId: id, fence, effect: effectOf(requestId, kind), txHash }];
}
