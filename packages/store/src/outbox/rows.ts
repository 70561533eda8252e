import { envelope } from '@ironforge/contracts';
import { parseJson } from '@ironforge/kernel';
import type { OutboxRow } from '@ironforge/schema';
import type { Tx } from '../transaction.ts';
import type { OutboxMessage } from './message.ts';

interface Claim {
  readonly service: string;
  /** For how long nobody else relays the row. */
  readonly claimMs: number;
}

/** Adds messages, claimed by this process for its fast path. One statement. Throws for a message that no reader could parse. */
export function insertOutbox(tx: Tx, messages: readonly OutboxMessage[], claim: Claim): void {
  const claimedUntil = tx.raw("now() + ? * interval '1 millisecond'", [claim.claimMs]);
  tx.send(
    tx('outbox').insert(
      messages.map((message) => ({
        id: message.id,
        tenant_id: message.body.tenantid,
        service: claim.service,
        exchange: message.exchange,
        routing_key: message.routingKey,
        body: JSON.stringify(envelope.parse(message.body)),
        claimed_until: claimedUntil,
      })),
    ),
  );
}

/** What a sweep took, in the order of age. */
export interface Claimed {
  readonly messages: readonly OutboxMessage[];
  /** Rows whose body is no message: somebody must look at them, and they must not keep the others. */
  readonly unreadableIds: readonly string[];
}

/**
 * Claims up to `limit` rows that are pending and claimed by nobody, those first that waited longest since they were
 * written or tried. By state, never by a number.
 */
export async function claimOutbox(tx: Tx, claim: Claim & { readonly limit: number }): Promise<Claimed> {
  const { rows } = await tx.raw<{ rows: Row[] }>(
    `UPDATE outbox SET claimed_until = now() + :claimMs * interval '1 millisecond'
     WHERE id IN (
       SELECT id FROM outbox
       WHERE service = :service AND state = 'pending' AND claimed_until < now()
       ORDER BY claimed_until, created_at LIMIT :limit
     ) AND state = 'pending' AND claimed_until < now()
     RETURNING id, exchange, routing_key, body, created_at`,
    { ...claim },
  );
  const stored = rows.flatMap((row) => toStored(row) ?? []);
  return {
    messages: stored.toSorted(byAge).map(({ message }) => message),
    unreadableIds: rows.map(({ id }) => id).filter((id) => !stored.some(({ message }) => message.id === id)),
  };
}

/** Marks rows as published, for good. */
export async function markPublished(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx('outbox').update({ state: 'published', published_at: tx.fn.now() }).whereIn('id', ids);
}

/** Gives rows back to the next sweep, behind those that wait already. */
export async function releaseOutbox(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx('outbox').update({ claimed_until: tx.fn.now() }).whereIn('id', ids).where({ state: 'pending' });
}

type Row = Pick<OutboxRow, 'id' | 'exchange' | 'routing_key' | 'body' | 'created_at'>;

interface Stored {
  readonly createdAt: number;
  readonly message: OutboxMessage;
}

function toStored(row: Row): Stored | null {
  const body = envelope.safeParse(parseJson(row.body));
  if (!body.success) return null;
  const message = { id: row.id, exchange: row.exchange, routingKey: row.routing_key, body: body.data };
  return { createdAt: row.created_at.getTime(), message };
}

/** Messages of one transaction have one time; among them the aggregate's version decides. */
function byAge(a: Stored, b: Stored): number {
  return a.createdAt - b.createdAt || a.message.body.aggregateversion - b.message.body.aggregateversion;
}
