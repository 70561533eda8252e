import { z } from 'zod';
import { landed, pace } from '../load/flight.ts';
import { untilSealed, watchSeals } from '../probe/audit-log.ts';
import { query } from '../probe/database.ts';
import { percentile } from '../raw/clock.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

/** So that no queue stands: every transfer is some fifteen events. */
const PACE = { perSecond: 3, seconds: 20 };
const Told = z.array(z.object({ sequence: z.coerce.number(), at: z.coerce.number() }));

/** From an event in the outbox to the checkpoint under which it can be proved, while a few transfers a second are made. */
export async function auditLag(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P');
  const tenantId = crew.tenant.id;
  await untilSealed(tenantId);
  const since = new Date();
  const seals = watchSeals(tenantId);
  await landed(stage.keep(await pace(crew, { assetId: crew.native, ...PACE })));
  await untilSealed(tenantId);
  await seals.stop();
  const lagMs = Told.parse(await query(TOLD, [tenantId, since])).map(({ sequence, at }) => {
    return (seals.seenAt(sequence) ?? Number.POSITIVE_INFINITY) - at;
  });
  return {
    rows: { 'audit.lag.p99': percentile(lagMs, 99) },
    notes: { 'audit_lag.p50': percentile(lagMs, 50), 'audit_lag.events': lagMs.length },
  };
}

/** A message has the time at which its transaction began, which is before its commit: what is told is rather too long. */
const TOLD = `
  SELECT e.sequence, extract(epoch FROM o.created_at) * 1000 AS at
  FROM outbox o JOIN audit_entries e ON e.tenant_id = o.tenant_id AND e.event_id = o.id
  WHERE o.tenant_id = $1 AND o.created_at >= $2`;
