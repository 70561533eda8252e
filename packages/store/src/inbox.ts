import type { TenantId } from '@ironforge/kernel';
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
    .insert({ tenant_id: entry.tenantId, consumer: entry.consumer, message_id: entry.messageId })
    .onConflict(['consumer', 'message_id'])
    .ignore()
    .returning('message_id');
  return rows.length === 1;
}
