import { type AttemptId, branded, type LeaseId, type TxRequestId } from '@ironforge/kernel';
import type { Command } from '../request/command.ts';
import { decide } from '../request/decide.ts';
import { fold } from '../request/evolve.ts';
import { hasSignature, initialState, type TxRequest } from '../request/state.ts';
import type { AttemptKind, Depth } from '../request/status.ts';
import type { Effect } from './adoption.ts';
import type { Lane } from './choose-nonce.ts';
import type { Block, SignedTx } from './history-chain.ts';
import type { Slot } from './slot.ts';

/** What a signer once got, and keeps for ever. */
export type Payload = {
  readonly requestId: TxRequestId;
  readonly attemptId: AttemptId;
  readonly kind: AttemptKind;
  readonly leaseId: LeaseId;
  readonly nonce: number;
  readonly fence: number;
};

/** The chain's view of a nonce or a request when a message was made: messages carry whole states. */
export type Message = {
  readonly about: { readonly requestId: TxRequestId } | { readonly nonce: number };
  readonly version: number;
  readonly tx: SignedTx | null;
  readonly block: Block | null;
  readonly depth: Depth;
};

/** A slot, and the version of the last news of what spent it. */
export type WatchedSlot = Slot & { readonly spentVersion: number };

/** One lane, its requests, signers, a chain that reorganizes, and messages that come late, twice or disordered. */
export type World = {
  nowMs: number;
  count: number;
  version: number;
  fence: number;
  /** What the lane's row says of the mined count; null before its first payload. */
  minedCount: number | null;
  /** How many nonces were ever spent. */
  mostMined: number;
  /** How many blocks were ever final. */
  finalBlocks: number;
  readonly requests: Map<TxRequestId, TxRequest>;
  /** The requests that are tasks of the system, each for its nonce. */
  readonly gapNonces: Map<TxRequestId, number>;
  readonly slots: Map<number, WatchedSlot>;
  readonly payloads: Payload[];
  readonly mempool: SignedTx[];
  readonly chain: Block[];
  readonly post: Message[];
  /** Which requests ever had signed bytes stored for a nonce. */
  readonly signedFor: Map<number, Set<TxRequestId>>;
};

/** A world with so many approved requests; every two of them wish exactly the same. */
export function newWorld(size: number): World {
  const ids = Array.from({ length: size }, (_, index) => branded<TxRequestId>(`r${index}`));
  return {
    nowMs: 0,
    count: 0,
    version: 0,
    fence: 0,
    minedCount: null,
    mostMined: 0,
    finalBlocks: 0,
    requests: new Map(ids.map((id) => [id, approvedRequest(id)])),
    gapNonces: new Map(),
    slots: new Map(),
    payloads: [],
    mempool: [],
    chain: [],
    post: [],
    signedFor: new Map(),
  };
}

/** A request that people have approved, or that needs nobody. */
export function approvedRequest(id: TxRequestId): TxRequest {
  return fold([
    { type: 'created', intentHash: id, validUntilMs: Number.MAX_SAFE_INTEGER },
    { type: 'submitted', approvalDeadlineMs: null },
    { type: 'approved' },
  ]);
}

/** A request as it stands. */
export function requestOf(world: World, id: TxRequestId): TxRequest {
  return world.requests.get(id) ?? initialState;
}

/** Carries a command out on a request; true when it was accepted. */
export function apply(world: World, id: TxRequestId, command: Command): boolean {
  const state = requestOf(world, id);
  const outcome = decide(command, state, { nowMs: world.nowMs });
  if ('rejected' in outcome) return false;
  world.requests.set(id, fold(outcome.accepted, state));
  return true;
}

/** The lane as its row says, which the chain may be ahead of, or behind. */
export function laneOf(world: World): Lane {
  const { slots, minedCount, fence } = world;
  return { slots: [...slots.values()], minedCount: minedCount ?? 0, fence };
}

/** Stores a slot; what was last heard of its spending stays. */
export function setSlot(world: World, slot: Slot): void {
  world.slots.set(slot.nonce, { spentVersion: world.slots.get(slot.nonce)?.spentVersion ?? -1, ...slot });
}

/** What an attempt does on the chain: a cancel and a task of the system give nothing to oneself. */
export function effectOf(id: TxRequestId, kind: AttemptKind): Effect {
  const isNothing = kind === 'cancel' || isGapFill(id);
  return isNothing ? { ...FROM_US, to: '0xme', value: 0n } : { ...FROM_US, to: payeeOf(id), value: 5n };
}

/** Whom a request pays; two requests each pay the same. */
export function payeeOf(id: TxRequestId): string {
  return `0x${Math.floor(Number(id.slice(1)) / 2)}`;
}

/** True when signed bytes of it are stored: what is above its nonce may go on. */
export function isSigned(world: World, id: TxRequestId): boolean {
  return hasSignature(requestOf(world, id));
}

/** A name that nothing had before. */
export function fresh(world: World): string {
  return `n${(world.count += 1)}`;
}

const FROM_US = { from: '0xme', data: '0x' };

function isGapFill(id: TxRequestId): boolean {
  return id.startsWith('g');
}
