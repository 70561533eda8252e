import { envelope } from '@ironforge/contracts';
import { parseJson } from '@ironforge/kernel';
import type { OutboxRow } from '@ironforge/schema';
import type { Tx } from '../transaction.ts';
import type { NewMessage, OutboxMessage, WrittenMessage } from './message.ts';

interface Claim {
  readonly service: string;
  /** For how long nobody else relays the row. */
  readonly claimMs: number;
}

/** Writes a message as it will be published. Throws for one that no reader could parse. */
export function writeMessage({ body, ...message }: OutboxMessage): NewMessage {
  return { ...message, text: JSON.stringify(envelope.parse(body)), tenantId: body.tenantid };
}

/** Adds messages, claimed by this process for its fast path. One statement, the same text for any number of them. */
export function insertOutbox(tx: Tx, messages: readonly NewMessage[], claim: Claim): void {
  const columns = {
    ids: messages.map(({ id }) => id),
    tenants: messages.map(({ tenantId }) => tenantId),
    exchanges: messages.map(({ exchange }) => exchange),
    keys: messages.map(({ routingKey }) => routingKey),
    bodies: messages.map(({ text }) => text),
  };
  tx.send(tx.raw(INSERT, { ...columns, ...claim }));
}

const INSERT = `
  INSERT INTO outbox (id, tenant_id, service, exchange, routing_key, body, claimed_until)
  SELECT id, tenant_id, :service, exchange, routing_key, body, now() + :claimMs * interval '1 millisecond'
  FROM unnest(CAST(:ids AS UUID[]), CAST(:tenants AS UUID[]), CAST(:exchanges AS TEXT[]), CAST(:keys AS TEXT[]),
    CAST(:bodies AS TEXT[])) AS n (id, tenant_id, exchange, routing_key, body)`;

/** What a sweep took, in the order of age. */
export interface Claimed {
  readonly messages: readonly WrittenMessage[];
  /** Rows whose body is no message: somebody must look at them, and they must not keep the others. */
  readonly unreadableIds: readonly string[];
}

/**
 * Claims up to `limit` rows that are pending and claimed by nobody, those first that waited longest since they were
 * written or tried. By state, never by a number.
 */
export async function claimOutbox(tx: Tx, claim: Claim & { readonly limit: number }): Promise<Claimed> {
  const { rows } = await tx.raw<{ rows: Row[] }>(CLAIM, { ...claim });
  const stored = rows.map(toStored);
  return {
    messages: stored
      .filter((one) => typeof one !== 'string')
      .toSorted(byAge)
      .map(({ message }) => message),
    unreadableIds: stored.filter((one) => typeof one === 'string'),
  };
}

/** Marks rows as published, for good. */
export function markPublished(tx: Tx, ids: readonly string[]): void {
  tx.send(
    tx.raw(`UPDATE outbox SET state = 'published', published_at = now() WHERE id = ANY (CAST(? AS UUID[]))`, [
      [...ids],
    ]),
  );
}

/** Gives rows back to the next sweep, behind those that wait already. */
export function releaseOutbox(tx: Tx, ids: readonly string[]): void {
  tx.send(
    tx.raw(
      `UPDATE outbox SET claimed_until = now() WHERE id = ANY (CAST(? AS UUID[])) AND state = 'pending'`,
      [[...ids]],
    ),
  );
}

/**
 * What waits is locked first, so that the second part has nothing to look at but the ids: with the conditions there as well,
 * a planner that takes the pending rows for few compares each of them with each that is due.
 */
const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT id FROM outbox
    WHERE service = :service AND state = 'pending' AND claimed_until < now()
    ORDER BY claimed_until, created_at LIMIT :limit FOR UPDATE
  )
  UPDATE outbox SET claimed_until = now() + :claimMs * interval '1 millisecond'
  FROM due WHERE outbox.id = due.id
  RETURNING outbox.id, exchange, routing_key, body, created_at`;

type Row = Pick<OutboxRow, 'id' | 'exchange' | 'routing_key' | 'body' | 'created_at'>;

interface Stored {
  readonly createdAt: number;
  readonly version: number;
  readonly message: WrittenMessage;
}

/** The id of a row whose body is no message. */
function toStored({ id, exchange, routing_key: routingKey, body: text, created_at }: Row): Stored | string {
  const body = envelope.safeParse(parseJson(text));
  if (!body.success) return id;
  const message = { id, exchange, routingKey, text };
  return { createdAt: created_at.getTime(), version: body.data.aggregateversion, message };
}

/** Messages of one transaction have one time; among them the aggregate's version decides. */
function byAge(a: Stored, b: Stored): number {
  return a.createdAt - b.createdAt || a.version - b.version;
}
