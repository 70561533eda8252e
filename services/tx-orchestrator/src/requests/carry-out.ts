import type { Actor, PolicyVersion } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { Cause, EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import {
  type Attempt,
  type Command,
  decide,
  type Event,
  evolve,
  fold,
  type Rejection,
  type TxRequest,
} from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { storeTransition } from '../queries/tx-transitions.ts';
import { columnsOf } from './columns.ts';
import { decidedBy } from './decided-by.ts';
import { moveHold } from './move-hold.ts';
import { snapshotOf } from './snapshot.ts';

/** A command for one request that is locked. */
export interface Order {
  readonly row: RequestRow;
  readonly command: Command;
  readonly cause: Cause;
  /** At which height the watcher spoke, when this is its news. */
  readonly toldAtHeight?: number;
  /** By which version of a policy it was decided, when that is not the one that is pinned. */
  readonly policy?: PolicyVersion | null | undefined;
}

/** The request after the command; no events when all of it had happened before. */
export interface Transition {
  readonly row: RequestRow;
  readonly events: readonly Event[];
}

type Deps = Pick<OrchestratorDeps, 'outbox' | 'events' | 'chainById' | 'clock' | 'telemetry'>;

/** Decides a command and stores what it leads to: state, events and messages, in the caller's transaction. */
export async function carryOut(
  deps: Deps,
  tx: Tx,
  order: Order,
): Promise<Transition | { rejected: Rejection }> {
  const { row, command } = order;
  const outcome = decide(command, row.state, { nowMs: row.now.getTime() });
  if ('rejected' in outcome) return outcome;
  const events = outcome.accepted;
  return events.length === 0 ? { row, events } : await store(deps, tx, { ...order, events });
}

interface Noted extends Omit<Order, 'toldAtHeight'> {
  readonly events: readonly Event[];
  readonly toldAtHeight?: number | null;
}

async function store(
  deps: Deps,
  tx: Tx,
  { row, cause, policy, events, toldAtHeight = null }: Noted,
): Promise<Transition> {
  const state = fold(events, row.state);
  const at = deps.clock();
  const columns = columnsOf(state);
  const place = { tenantId: row.tenant_id, id: row.id, fromVersion: row.version };
  const attempts = changedAttempts(row.state, state);
  const change = { ...place, events, state, columns, attempts, toldAtHeight, actor: cause.actor, at };
  storeTransition(tx, change);
  await moveHold(tx, row, events);
  deps.outbox.add(tx, messagesOf(deps, row, { events, cause, policy }));
  tx.afterCommit(() => events.forEach(({ type }) => deps.telemetry.countEvent(type)));
  return { row: rowAfter(row, state, at), events };
}

interface Telling {
  readonly events: readonly Event[];
  readonly cause: Cause;
  readonly policy?: PolicyVersion | null | undefined;
}

/** One message for each event, each with the request as it was right after it. */
export function messagesOf(
  deps: Pick<Deps, 'events' | 'chainById'>,
  row: RequestRow,
  { events, cause, policy }: Telling,
): EventMessage[] {
  const { nativeAssetId } = deps.chainById(row.chain_id);
  let { state } = row;
  return events.map((event) => {
    state = evolve(state, event);
    const { type, ...details } = event;
    const data = { request: snapshotOf(row, state, nativeAssetId), details };
    const place = { tenantId: branded<TenantId>(row.tenant_id), subject: row.id, version: state.version };
    const by = policy === undefined ? decidedBy(row, event) : policy;
    return deps.events.event(`tx_request.${type}`, { ...place, cause: { ...cause, policy: by }, data });
  });
}

/** The row as it stands after a transition to that state. */
export function rowAfter(row: RequestRow, state: TxRequest, at: Date): RequestRow {
  const { status, reason, version, txHash, blockHash, isFinal, isSignable, ...columns } = columnsOf(state);
  const place = {
    tx_hash: txHash,
    block_height: rowNumber(columns.blockHeight),
    block_hash: blockHash,
    bound_nonce: rowNumber(columns.boundNonce) ?? row.gap_nonce,
    expires_at: columns.expiresAt,
  };
  const since = {
    finalized_at: isFinal ? (row.finalized_at ?? at) : null,
    signable_since: isSignable ? (row.signable_since ?? at) : null,
  };
  return { ...row, status, reason, version, ...place, ...since, state, updated_at: at };
}

function rowNumber(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

/** Acts in the name of the chain: nobody asked for what it shows. */
export function chainActor(chainId: string): Actor {
  return { type: 'chain', id: chainId };
}

function changedAttempts(before: TxRequest, after: TxRequest): readonly Attempt[] {
  const old = new Map(before.attempts.map((attempt) => [attempt.id, attempt]));
  return after.attempts.filter((attempt) => isChanged(old.get(attempt.id), attempt));
}

function isChanged(before: Attempt | undefined, after: Attempt): boolean {
  return before === undefined || before.state !== after.state || before.txHash !== after.txHash;
}
