import { branded, type AttemptId, present, type TenantId } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import type { Cause, EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { SEND_WINDOW, sendableSlots, type Slot } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { findHead } from '../queries/chain-cursors.ts';
import type { LockedLane } from '../queries/nonce-lanes.ts';
import { findSlotsBetween } from '../queries/nonce-slots.ts';
import { findUnsent, noteSent } from '../queries/tx-attempts.ts';
import { lockRequests, noteDispatched, type RequestRow } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';

/** Bytes that no node has are sent again after this time. */
const RESEND_AFTER_MS = 5_000;

/** What stands at the front of a locked lane. */
export interface Front {
  readonly slots: readonly Slot[];
  /** Signed attempts that no node has. */
  readonly waiting: readonly TxAttemptRow[];
  /** How far the chain is. */
  readonly head: number | null;
}

/** A locked lane whose signed bytes may be due. */
export interface Sending {
  readonly lane: LockedLane;
  readonly front: Front;
  readonly cause: Cause;
  /** Requests that are locked already, as they stand now. */
  readonly rows?: readonly RequestRow[];
}

/**
 * Writes the commands to send what may be with the nodes now: in nonce order, up to the first gap, within the window.
 * Gives the requests that were sent, as they stand now.
 */
export async function sendWindow(
  deps: OrchestratorDeps,
  tx: Tx,
  { lane, front, cause, rows = [] }: Sending,
): Promise<RequestRow[]> {
  const unsent = dueOf(lane, front);
  const sent = unsent.length === 0 ? [] : await dispatchAll(deps, tx, { unsent, cause, rows });
  const attempts = sent.map(({ attempt }) => attempt);
  if (sent.length > 0) write(deps, tx, { lane, cause, sent: attempts, head: front.head });
  return sent.map(({ row }) => row);
}

/** Reads the window of a locked lane, and how far the chain is. One round trip. */
export async function findFront(tx: Tx, lane: LockedLane): Promise<Front> {
  const range = [lane.minedCount, lane.minedCount + SEND_WINDOW] as const;
  const [slots, waiting, head] = await Promise.all([
    findSlotsBetween(tx, lane, range),
    findUnsent(tx, lane, { range, afterMs: RESEND_AFTER_MS }),
    findHead(tx, lane.chainId),
  ]);
  return { slots, waiting, head };
}

/** The front with one more signature, as it stands once that is stored. */
export function withSigned(front: Front, slot: Slot, attempt: TxAttemptRow): Front {
  const slots = [...front.slots.filter(({ nonce }) => nonce !== slot.nonce), slot];
  const waiting = [...front.waiting.filter(({ id }) => id !== attempt.id), attempt];
  return { ...front, slots, waiting: waiting.toSorted((a, b) => Number(a.nonce - b.nonce)) };
}

/** The attempts in the window, up to the first gap, that no node has. */
function dueOf(lane: LockedLane, { slots, waiting }: Front): readonly TxAttemptRow[] {
  const nonces = new Set(sendableSlots({ ...lane, slots }).map(({ nonce }) => nonce));
  return waiting.filter(({ nonce }) => nonces.has(Number(nonce)));
}

function write(
  deps: OrchestratorDeps,
  tx: Tx,
  {
    lane,
    cause,
    sent,
    head,
  }: Pick<Sending, 'lane' | 'cause'> & {
    readonly sent: readonly TxAttemptRow[];
    readonly head: number | null;
  },
): void {
  noteSent(
    tx,
    lane.tenantId,
    sent.map(({ id }) => id),
  );
  const requestIds = sent.map(({ tx_request_id }) => tx_request_id);
  const newIds = sent.filter(({ sent_at }) => sent_at === null).map((attempt) => attempt.tx_request_id);
  noteDispatched(tx, lane.tenantId, { requestIds, newIds, head });
  deps.outbox.add(
    tx,
    sent.map((attempt) => broadcastCommand(deps, attempt, cause)),
  );
}

/** The command to send signed bytes, with all that is needed for it. */
export function broadcastCommand(
  { events }: Pick<OrchestratorDeps, 'events'>,
  attempt: TxAttemptRow,
  cause: Cause,
): EventMessage {
  const { id: attemptId, tx_request_id: requestId, chain_id: chainId, address } = attempt;
  const raw = present(attempt.raw, 'signed bytes');
  const txHash = present(attempt.tx_hash, 'the hash of signed bytes');
  const data = { requestId, attemptId, chainId, address, nonce: Number(attempt.nonce), raw, txHash };
  const tenantId = branded<TenantId>(attempt.tenant_id);
  return events.command('tx_broadcast', {
    queue: 'tx_broadcast.evm',
    tenantId,
    subject: requestId,
    cause,
    data,
  });
}

/** Bytes that go out, and their request as it stands now. */
interface Sent {
  readonly attempt: TxAttemptRow;
  readonly row: RequestRow;
}

/** Each request says whether its bytes may be sent; gives those that may. */
async function dispatchAll(deps: OrchestratorDeps, tx: Tx, { unsent, cause, rows }: Unsent): Promise<Sent[]> {
  const byId = await locked(tx, unsent, rows);
  const sent: Sent[] = [];
  for (const attempt of unsent) {
    const row = present(byId.get(attempt.tx_request_id), 'the request of an attempt');
    const command = { type: 'dispatch', attemptId: branded<AttemptId>(attempt.id) } as const;
    const transition = await carryOut(deps, tx, { row, command, cause });
    if (!('rejected' in transition)) sent.push({ attempt, row: transition.row });
  }
  return sent;
}

interface Unsent {
  readonly unsent: readonly TxAttemptRow[];
  readonly cause: Cause;
  readonly rows: readonly RequestRow[];
}

/** The requests of attempts by their ids; those that are not locked yet are locked now. */
async function locked(
  tx: Tx,
  unsent: readonly TxAttemptRow[],
  rows: readonly RequestRow[],
): Promise<ReadonlyMap<string, RequestRow>> {
  const known = new Map(rows.map((row) => [row.id, row]));
  const others = unsent.filter(({ tx_request_id }) => !known.has(tx_request_id));
  const [first] = others;
  if (first === undefined) return known;
  const ids = others.map(({ tx_request_id }) => tx_request_id);
  const found = await lockRequests(tx, first.tenant_id, ids);
  return new Map([...known, ...found.map((row) => [row.id, row] as const)]);
}
