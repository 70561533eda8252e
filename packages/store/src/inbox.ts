import type { TenantId } from '@ironforge/kernel';
import { isUniqueViolation } from './sql-state.ts';
import type { Tx } from './transaction.ts';

/** One message for one consumer. */
export interface InboxEntry {
  readonly tenantId: TenantId;
  /** Who takes the message in, for example `wallet-registry`. */
  readonly consumer: string;
  readonly messageId: string;
}

/** Notes a message in the transaction of its effect; false when this consumer has taken it in before. */
export async function recordInbox(tx: Tx, entry: InboxEntry): Promise<boolean> {
  const rows = await tx('inbox')
    .insert(rowOf(entry))
    .onConflict(['consumer', 'message_id'])
    .ignore()
    .returning('message_id');
  return rows.length === 1;
}

/**
 * Notes messages without waiting: the transaction of a message that this consumer has taken in before fails as a whole,
 * with an error that `wasTakenIn` knows, and nothing of it is stored.
 */
export function takeIn(tx: Tx, ...entries: readonly InboxEntry[]): void {
  tx.send(tx('inbox').insert(entries.map(rowOf)));
}

/** True for the error of a transaction that took in a message for the second time. */
export function wasTakenIn(error: unknown): boolean {
  return isUniqueViolation(error, 'inbox_pkey');
}

function rowOf({ tenantId, consumer, messageId }: InboxEntry) {
  return { tenant_id: tenantId, consumer, message_id: messageId };
}
