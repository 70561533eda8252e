import { appError } from '@ironforge/contracts';
import { present, type TenantId } from '@ironforge/kernel';
import type { IdempotencyKeyRow } from '@ironforge/schema';
import { isLockTimeout } from './sql-state.ts';
import type { Tx } from './transaction.ts';

/** Whose key it is: two principals, or two routes, never share one. */
export interface IdempotencyScope {
  readonly tenantId: TenantId;
  /** The user, also behind an API key, since keys are rotated. */
  readonly principalId: string;
  readonly route: string;
  readonly key: string;
}

/** One call that may be repeated. */
export interface IdempotentCall extends IdempotencyScope {
  /** SHA-256 of the body, hex. */
  readonly bodyHash: string;
}

/** What is to be done with a repetition: give the stored answer again, or refuse (the body is another one). */
export type Repetition =
  | { readonly state: 'replay'; readonly status: number; readonly response: unknown }
  | { readonly state: 'conflict' };

/** What is to be done with a call: carry it out, or treat it as a repetition. */
export type IdempotencyState = { readonly state: 'first' } | Repetition;

/**
 * Claims the key in the transaction of the effect. A second call waits here until the first has ended, and throws
 * `request_in_progress` when that takes longer than the lock time-out.
 */
export async function beginIdempotent(tx: Tx, call: IdempotentCall): Promise<IdempotencyState> {
  if (await claim(tx, call)) return { state: 'first' };
  return present(await findIdempotent(tx, call), 'the row of a key that is taken');
}

/** What a call with this key is to be given when one was carried out before; null when none was. Claims nothing. */
export async function findIdempotent(tx: Tx, call: IdempotentCall): Promise<Repetition | null> {
  const row = await readClaimed(tx, call);
  if (row === undefined) return null;
  if (row.body_hash !== call.bodyHash) return { state: 'conflict' };
  const status = present(row.status, 'the answer of the call that holds this key');
  const response: unknown = JSON.parse(present(row.response, 'the answer of the call that holds this key'));
  return { state: 'replay', status, response };
}

/** Stores the answer of the first call, in the same transaction; `response` must be JSON. */
export function finishIdempotent(
  tx: Tx,
  scope: IdempotencyScope,
  answer: { readonly status: number; readonly response: unknown },
): void {
  tx.send(
    tx('idempotency_keys')
      .update({ status: answer.status, response: JSON.stringify(answer.response ?? null) })
      .where(keyOf(scope)),
  );
}

async function claim(tx: Tx, call: IdempotentCall): Promise<boolean> {
  const rows = await tx<IdempotencyKeyRow>('idempotency_keys')
    .insert({ ...keyOf(call), body_hash: call.bodyHash })
    .onConflict(['tenant_id', 'principal_id', 'route', 'key'])
    .ignore()
    .returning('key')
    .catch(stillRunning);
  return rows.length === 1;
}

async function readClaimed(tx: Tx, call: IdempotentCall) {
  return tx<IdempotencyKeyRow>('idempotency_keys')
    .first('body_hash', 'status', 'response')
    .where(keyOf(call));
}

function stillRunning(error: unknown): never {
  if (!isLockTimeout(error)) throw error;
  throw appError('request_in_progress', { retry: 'later', retryAfterSeconds: 1, cause: error });
}

function keyOf({ tenantId, principalId, route, key }: IdempotencyScope) {
  return { tenant_id: tenantId, principal_id: principalId, route, key };
}
