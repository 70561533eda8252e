import { connect } from 'amqplib';
import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { environment } from '../../world/environment.ts';
import { query, queryOne } from '../probe/database.ts';
import { rawPublishes } from '../raw/broker.ts';
import type { Found } from './row.ts';

/** So many that the first claim and the last mark, which nothing overlaps, are a small part. */
const COUNT = 10_000;
const KEY = 'bench.relayed';
const Waiting = z.object({ waiting: z.coerce.number() });
const Span = z.object({ ms: z.coerce.number() });

/** Rows of an outbox that nobody has published yet, relayed by their service, as part of the broker's own rate. */
export async function relay(): Promise<Found> {
  await using _sink = await openSink();
  await query(FILL, [COUNT, environment.tenantId]);
  await waitUntil('the outbox is empty', async () => (await queryOne(Waiting, WAITING)).waiting === 0);
  const { ms } = await queryOne(Span, SPAN);
  // The oracle knows each message by its readers, and these have none.
  await query('DELETE FROM outbox WHERE routing_key = $1', [KEY]);
  const relayed = (COUNT * 1_000) / ms;
  const raw = await rawPublishes(COUNT);
  return { rows: { relay: relayed / raw }, notes: { 'relay.per_second': relayed, 'raw.publishes': raw } };
}

async function openSink(): Promise<AsyncDisposable> {
  const connection = await connect(environment.amqpUrl);
  const channel = await connection.createChannel();
  await channel.assertQueue(KEY, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue(KEY, 'ironforge.events', KEY);
  return {
    [Symbol.asyncDispose]: async () => {
      await channel.deleteQueue(KEY);
      await connection.close();
    },
  };
}

const FILL = `
  INSERT INTO outbox (id, tenant_id, service, exchange, routing_key, body, claimed_until, created_at)
  SELECT one.id, CAST($2 AS UUID), 'wallet-registry', 'ironforge.events', '${KEY}', CAST(jsonb_build_object(
      'specversion', '1.0', 'id', one.id, 'type', 'bench.relayed', 'source', 'bench', 'subject', 'bench',
      'time', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'datacontenttype', 'application/json',
      'tenantid', CAST($2 AS TEXT), 'aggregateversion', 1, 'actortype', 'service', 'actorid', 'bench',
      'data', jsonb_build_object('filler', repeat('x', 1600))) AS TEXT), now() - INTERVAL '1 second', now()
  FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, CAST($1 AS INT4))) AS one`;
/** Asked many times meanwhile, on the processors of what is measured: only the index of what waits is looked at. */
const WAITING = `
  SELECT count(*) AS waiting FROM (
    SELECT 1 FROM outbox WHERE service = 'wallet-registry' AND state = 'pending' AND routing_key = '${KEY}' LIMIT 1) AS one`;
/** From the claim of the first batch to the mark of the last: a claim is taken for ten seconds. */
const SPAN = `
  SELECT extract(epoch FROM max(published_at) - min(claimed_until) + INTERVAL '10 seconds') * 1000 AS ms
  FROM outbox WHERE routing_key = '${KEY}'`;
