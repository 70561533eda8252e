import { branded, type AttemptId, present, type TenantId } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import type { Cause, EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { SEND_WINDOW, sendableSlots } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { findHead } from '../queries/chain-cursors.ts';
import type { LockedLane } from '../queries/nonce-lanes.ts';
import { findSlotsBetween } from '../queries/nonce-slots.ts';
import { findUnsent, noteSent } from '../queries/tx-attempts.ts';
import { lockRequests, noteDispatched, type RequestRow } from '../queries/tx-requests.ts';
import { carryOut } from '../requests/carry-out.ts';

/** Bytes that no node has are sent again after this time. */
const RESEND_AFTER_MS = 5_000;

/** A locked lane whose signed bytes may be due. */
export interface Sending {
  readonly lane: LockedLane;
  readonly cause: Cause;
}

/**
 * Writes the commands to send what may be with the nodes now: in nonce order, up to the first gap, within the window.
 * Gives the ids of the requests that were sent.
 */
export async function sendWindow(
  deps: OrchestratorDeps,
  tx: Tx,
  { lane, cause }: Sending,
): Promise<string[]> {
  const { unsent, head } = await findDue(tx, lane);
  const sent = unsent.length === 0 ? [] : await dispatchAll(deps, tx, { unsent, cause });
  if (sent.length > 0) write(deps, tx, { lane, cause, sent, head });
  return sent.map(({ tx_request_id }) => tx_request_id);
}

/** The attempts in the window, up to the first gap, that no node has; and how far the chain is. One round trip. */
async function findDue(tx: Tx, lane: LockedLane) {
  const range = [lane.minedCount, lane.minedCount + SEND_WINDOW] as const;
  const [slots, waiting, head] = await Promise.all([
    findSlotsBetween(tx, lane, range),
    findUnsent(tx, lane, { range, afterMs: RESEND_AFTER_MS }),
    findHead(tx, lane.chainId),
  ]);
  const nonces = new Set(sendableSlots({ ...lane, slots }).map(({ nonce }) => nonce));
  return { unsent: waiting.filter(({ nonce }) => nonces.has(Number(nonce))), head };
}

function write(
  deps: OrchestratorDeps,
  tx: Tx,
  {
    lane,
    cause,
    sent,
    head,
  }: Sending & { readonly sent: readonly TxAttemptRow[]; readonly head: number | null },
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

/** Each request says whether its bytes may be sent; gives those that may. */
async function dispatchAll(
  deps: OrchestratorDeps,
  tx: Tx,
  { unsent, cause }: { readonly unsent: readonly TxAttemptRow[]; readonly cause: Cause },
): Promise<TxAttemptRow[]> {
  const rows = await lockRequests(
    tx,
    tenantOf(unsent),
    unsent.map(({ tx_request_id }) => tx_request_id),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const sent: TxAttemptRow[] = [];
  for (const attempt of unsent) {
    const row = present(byId.get(attempt.tx_request_id), 'the request of an attempt');
    if (await mayBeSent(deps, tx, { row, attempt, cause })) sent.push(attempt);
  }
  return sent;
}

async function mayBeSent(
  deps: OrchestratorDeps,
  tx: Tx,
  {
    row,
    attempt,
    cause,
  }: { readonly row: RequestRow; readonly attempt: TxAttemptRow; readonly cause: Cause },
): Promise<boolean> {
  const command = { type: 'dispatch', attemptId: branded<AttemptId>(attempt.id) } as const;
  return !('rejected' in (await carryOut(deps, tx, { row, command, cause })));
}

function tenantOf([attempt]: readonly TxAttemptRow[]): string {
  return present(attempt, 'an unsent attempt').tenant_id;
}
