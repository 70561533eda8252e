import type { Actor } from '@ironforge/contracts';
import type { Tx } from '@ironforge/store';
import type { Attempt, Event, TxRequest } from '@ironforge/tx-core';
import type { RequestColumns } from '../requests/columns.ts';

/** A change of one request: from the version that was read, by these events, to this state. */
export interface StoredTransition {
  readonly tenantId: string;
  readonly id: string;
  readonly fromVersion: number;
  readonly events: readonly Event[];
  readonly state: TxRequest;
  readonly columns: RequestColumns;
  /** The attempts that changed. */
  readonly attempts: readonly Attempt[];
  /** At which height the watcher spoke last; null when this is no news of it, and lower than known changes nothing. */
  readonly toldAtHeight: number | null;
  readonly actor: Actor;
  readonly at: Date;
}

/**
 * Changes the request, writes its events and its attempts' states, without waiting. A change of another version fails the
 * transaction (23502): its events would be of no request. The lock of the row keeps other transactions away, and this those
 * that share one: they are then done again one by one.
 */
export function storeTransition(tx: Tx, change: StoredTransition): void {
  for (const attempt of change.attempts) storeAttempt(tx, change, attempt);
  tx.send(
    tx.raw(STORE_TRANSITION, {
      tenantId: change.tenantId,
      id: change.id,
      fromVersion: change.fromVersion,
      state: JSON.stringify(change.state),
      ...change.columns,
      events: JSON.stringify(eventRows(change.events, change.fromVersion)),
      toldAtHeight: change.toldAtHeight,
      actorType: change.actor.type,
      actorId: change.actor.id,
      at: change.at,
    }),
  );
}

/** Writes the first events of a request that is being stored. */
export function insertEvents(
  tx: Tx,
  { tenantId, id, events, actor, at }: Pick<StoredTransition, 'tenantId' | 'id' | 'events' | 'actor' | 'at'>,
): void {
  tx.send(
    tx('tx_events').insert(
      eventRows(events, 0).map(({ version, type, data }) => ({
        tenant_id: tenantId,
        tx_request_id: id,
        version,
        type,
        data: JSON.stringify(data),
        actor_type: actor.type,
        actor_id: actor.id,
        created_at: at,
      })),
    ),
  );
}

const STORE_TRANSITION = `
  WITH changed AS (
    UPDATE tx_requests SET
      status = :status, reason = :reason, version = :version, state = CAST(:state AS JSONB), tx_hash = :txHash,
      block_height = :blockHeight, block_hash = :blockHash, bound_nonce = COALESCE(:boundNonce, gap_nonce), expires_at = :expiresAt, updated_at = :at,
      heard_at_height = GREATEST(heard_at_height, CAST(:toldAtHeight AS INT8)),
      told_at_height = GREATEST(told_at_height, CAST(:toldAtHeight AS INT8)),
      finalized_at = CASE WHEN CAST(:isFinal AS BOOLEAN) THEN COALESCE(finalized_at, :at) END,
      signable_since = CASE WHEN CAST(:isSignable AS BOOLEAN) THEN COALESCE(signable_since, :at) END
    WHERE tenant_id = :tenantId AND id = :id AND version = :fromVersion
    RETURNING id
  )
  INSERT INTO tx_events (tenant_id, tx_request_id, version, type, data, actor_type, actor_id, created_at)
  SELECT CAST(:tenantId AS UUID), (SELECT id FROM changed), e.version, e.type, e.data, CAST(:actorType AS VARCHAR),
    CAST(:actorId AS VARCHAR), CAST(:at AS TIMESTAMPTZ)
  FROM jsonb_to_recordset(CAST(:events AS JSONB)) AS e (version INT4, type TEXT, data JSONB)`;

/** By its id alone: a list of attempts is joined by reading them all. */
function storeAttempt(tx: Tx, { tenantId, at }: StoredTransition, { id, state, txHash }: Attempt): void {
  tx.send(tx.raw(STORE_ATTEMPT, { tenantId, id, state, txHash, at }));
}

const STORE_ATTEMPT = `
  UPDATE tx_attempts SET
    state = :state, tx_hash = :txHash, updated_at = :at,
    seen_at = CASE WHEN :state IN ('sent', 'mined') THEN COALESCE(seen_at, :at) END,
    signable_since = CASE WHEN :state = 'offered' AND kind <> 'original' THEN COALESCE(signable_since, :at) END
  WHERE tenant_id = :tenantId AND id = :id`;

function eventRows(events: readonly Event[], fromVersion: number) {
  return events.map(({ type, ...data }, index) => ({ version: fromVersion + index + 1, type, data }));
}
