import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { freshKey, wishOf } from '../load/transfer.ts';
import { queryOne } from '../probe/database.ts';
import { rawFiveTrips } from '../raw/statements.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

/** As many as one sweep takes, one after the other. */
const COUNT = 100;
const RAW = 300;
const VALID_FOR_MS = 20_000;
const Span = z.object({ count: z.coerce.number(), ms: z.coerce.number() });

/** Drafts whose validity ends at one moment: each is a transition of its own, as part of raw transactions one after the other. */
export async function transition(stage: Stage): Promise<Found> {
  const { operator, payers, native, tenant } = await stage.hire('P');
  const payer = payers[0] ?? { id: '' };
  const validUntil = new Date(Date.now() + VALID_FOR_MS).toISOString();
  await Promise.all(
    Array.from({ length: COUNT }, () =>
      operator.send('POST', '/v1/transactions', { ...wishOf(payer, native, false), validUntil }, freshKey()),
    ),
  );
  const { count, ms } = await waitUntil('all have expired', async () => {
    const span = await queryOne(Span, EXPIRED, [tenant.id]);
    return span.count === COUNT && span;
  });
  const perSecond = ((count - 1) * 1_000) / ms;
  const raw = await rawFiveTrips(RAW);
  return {
    rows: { transition: perSecond / raw },
    notes: { 'transition.per_second': perSecond, 'raw.five_trips': raw },
  };
}

const EXPIRED = `
  SELECT count(*) AS count, coalesce(extract(epoch FROM max(created_at) - min(created_at)) * 1000, 0) AS ms
  FROM tx_events WHERE tenant_id = $1 AND type = 'expired'`;
