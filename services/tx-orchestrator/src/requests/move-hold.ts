import type { Tx } from '@ironforge/store';
import { bucketAt, type Event, holdAfter, ledgerChange, movesHold, statusesPassed } from '@ironforge/tx-core';
import { lockReservation, storeHold } from '../queries/spending-windows.ts';
import type { RequestRow } from '../queries/tx-requests.ts';

/**
 * Moves what a request holds of a spending window along with its status, in the transaction of its events. The request's
 * row is locked, so that nobody else moves the same hold.
 */
export async function moveHold(tx: Tx, row: RequestRow, events: readonly Event[]): Promise<void> {
  const passed = statusesPassed(row.state, events);
  if (!movesHold(row.state.status, passed)) return;
  const held = await lockReservation(tx, row.tenant_id, row.id);
  if (held === undefined) return;
  const hold = holdAfter(held.hold, passed, bucketAt(held.key.hours, row.now.getTime()));
  await storeHold(tx, held, { hold, change: ledgerChange(held.hold, hold, held.amount) });
}
