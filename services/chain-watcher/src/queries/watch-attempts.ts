import type { WatchAttemptRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import type { BlockRange } from './stored-blocks.ts';

const COLUMNS = ['attempt_id', 'tenant_id', 'tx_request_id', 'tx_hash', 'had_at'] as const;

/** One signed payload that we were told to send. */
export type WatchAttempt = Pick<WatchAttemptRow, (typeof COLUMNS)[number]>;

/** A signed payload about to be watched. */
export type NewWatchAttempt = Omit<WatchAttemptRow, 'created_at' | 'had_at' | 'nonce'> & {
  readonly nonce: number;
};

/** Begins to watch a signed payload; of one that is watched already nothing changes but the newest command to send it. */
export function insertWatchAttempt(tx: Tx, attempt: NewWatchAttempt): void {
  const newest = tx.raw('GREATEST(watch_attempts.newest_command, excluded.newest_command)');
  tx.send(tx('watch_attempts').insert(attempt).onConflict('attempt_id').merge({ newest_command: newest }));
}

/** Whether a command is the newest of those to send a payload that were ever taken up. */
export async function isNewestCommand(
  tx: Tx,
  command: { readonly attemptId: string; readonly newest: string },
): Promise<boolean> {
  const row = await tx('watch_attempts')
    .first<Pick<WatchAttemptRow, 'attempt_id'> | undefined>('attempt_id')
    .where({ attempt_id: command.attemptId, newest_command: command.newest });
  return row !== undefined;
}

/** Notes whether some node has the bytes of a payload, as far as was heard. */
export function noteHad(
  tx: Tx,
  {
    tenantId,
    attemptId,
    isHad,
  }: { readonly tenantId: string; readonly attemptId: string; readonly isHad: boolean },
): void {
  tx.send(
    tx('watch_attempts')
      .where({ tenant_id: tenantId, attempt_id: attemptId })
      .update({ had_at: isHad ? tx.fn.now() : null }),
  );
}

/** The payloads among these transactions that we were told to send, by whomever: for what follows a chain for all tenants. */
export async function findAttemptsByHash(
  tx: Tx,
  chainId: string,
  hashes: readonly string[],
): Promise<WatchAttempt[]> {
  if (hashes.length === 0) return [];
  return await tx('watch_attempts')
    .select<WatchAttempt[]>(...COLUMNS)
    .where({ chain_id: chainId })
    .whereRaw('tx_hash = ANY(?)', [[...hashes]]);
}

/** The payloads among these transactions that one tenant told us to send. */
export async function listTenantAttempts(
  tx: Tx,
  { tenantId, chainId }: Pick<BlockRange, 'tenantId' | 'chainId'>,
  hashes: readonly string[],
): Promise<WatchAttempt[]> {
  if (hashes.length === 0) return [];
  return await tx('watch_attempts')
    .select<WatchAttempt[]>(...COLUMNS)
    .where({ tenant_id: tenantId, chain_id: chainId })
    .whereRaw('tx_hash = ANY(?)', [[...hashes]]);
}

/** All payloads of one request. */
export async function listRequestAttempts(
  tx: Tx,
  tenantId: string,
  requestId: string,
): Promise<WatchAttempt[]> {
  return await tx('watch_attempts')
    .select<WatchAttempt[]>(...COLUMNS)
    .where({ tenant_id: tenantId, tx_request_id: requestId });
}
