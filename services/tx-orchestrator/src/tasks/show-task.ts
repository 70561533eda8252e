import type { TaskRow } from '../queries/signing-tasks.ts';

/** A task as a signer gets it. */
export function showTask(task: TaskRow) {
  const { id, transactionId, walletId, address, chainId, since } = task;
  return { id, kind: kindOf(task), transactionId, walletId, address, chainId, since: since.toISOString() };
}

/** What the system itself asks for is no payment, though its payload is an original. */
function kindOf({ kind, gapNonce }: TaskRow) {
  return gapNonce === null ? kind : 'gap_fill';
}
