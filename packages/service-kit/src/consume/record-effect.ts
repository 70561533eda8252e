import type { Envelope } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import { type TransactionScope, takeIn, type Tx, wasTakenIn } from '@ironforge/store';
import { asOwnWait } from './own-wait.ts';

/** Writes what came of an effect, in one transaction with the inbox row. */
export type RecordEffect = (tx: Tx) => Promise<void>;

/** Whose inbox takes in which message, and where. */
export interface Reception {
  readonly scope: TransactionScope;
  readonly consumer: string;
  readonly message: Pick<Envelope, 'id' | 'tenantid'>;
}

/** Runs `record` in the transaction of the inbox row; a message that was taken in before changes nothing. */
export async function recordOnce(
  { scope, consumer, message }: Reception,
  record: RecordEffect,
): Promise<void> {
  const entry = { tenantId: branded<TenantId>(message.tenantid), consumer, messageId: message.id };
  try {
    await scope.transaction(async (tx) => {
      takeIn(tx, entry);
      await record(tx);
    });
  } catch (error) {
    if (!wasTakenIn(error)) throw asOwnWait(error);
  }
}
