import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { freshKey, wishOf } from '../load/transfer.ts';
import { queryOne } from '../probe/database.ts';
import { rawFiveTrips } from '../raw/statements.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

/** As many as one sweep takes, some of them in each of its transactions. */
const COUNT = 100;
const RAW = 300;
const VALID_FOR_MS = 20_000;
const Ended = z.object({ count: z.coerce.number() });
const Span = z.object({ transitions: z.coerce.number(), ms: z.coerce.number() });

/** Drafts whose validity ends at one moment, so that a sweep ends them, as part of raw transactions one after the other. */
export async function transition(stage: Stage): Promise<Found> {
  const { operator, payers, native, tenant } = await stage.hire('P');
  const payer = payers[0] ?? { id: '' };
  const validUntil = new Date(Date.now() + VALID_FOR_MS).toISOString();
  await Promise.all(
    Array.from({ length: COUNT }, () =>
      operator.send('POST', '/v1/transactions', { ...wishOf(payer, native, false), validUntil }, freshKey()),
    ),
  );
  await waitUntil(
    'all have expired',
    async () => (await queryOne(Ended, ENDED, [tenant.id])).count === COUNT,
  );
  const { transitions, ms } = await queryOne(Span, SPAN, [tenant.id]);
  const perSecond = (transitions * 1_000) / ms;
  const raw = await rawFiveTrips(RAW);
  return {
    rows: { transition: perSecond / raw },
    notes: { 'transition.per_second': perSecond, 'raw.five_trips': raw },
  };
}

const ENDED = `SELECT count(*) AS count FROM tx_requests WHERE tenant_id = $1 AND status = 'expired'`;
/**
 * From the beginning of the first transaction to the beginning of the last, which counts for nothing itself: a message has
 * the time at which its transaction began, and the transactions come one after the other.
 */
const SPAN = `
  WITH begun AS (
    SELECT created_at AS at, count(*) AS transitions FROM outbox
    WHERE tenant_id = $1 AND routing_key = 'tx_request.expired' GROUP BY created_at
  )
  SELECT sum(transitions) FILTER (WHERE at < (SELECT max(at) FROM begun)) AS transitions,
    extract(epoch FROM max(at) - min(at)) * 1000 AS ms FROM begun`;
