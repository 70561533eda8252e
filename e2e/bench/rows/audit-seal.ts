import { randomUUID } from 'node:crypto';
import { rawImmudbWrites, waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { breakOnPurpose } from '../../oracle/exempt.ts';
import { environment } from '../../world/environment.ts';
import { publishAuditEvents } from '../load/audit-events.ts';
import { watchSeals } from '../probe/audit-log.ts';
import { query, queryOne } from '../probe/database.ts';
import { type LedgerRow, rawLedgerWrites } from '../raw/ledger.ts';
import type { Found } from './row.ts';

const COUNT = 10_000;
const Span = z.object({ entries: z.coerce.number(), began: z.coerce.number() });
const Batches = z.object({ count: z.coerce.number() });
const Rows = z.array(z.object({ canonical: z.string(), details: z.string() }));

/**
 * Events that lie in the queue, taken in, numbered and sealed, as part of what the bare ledger writes of the same bytes: immudb, or the
 * database where that is the only one.
 */
export async function auditSeal(): Promise<Found> {
  const tenantId = randomUUID();
  breakOnPurpose(tenantId); // no service has told of these events
  const seals = watchSeals(tenantId);
  await publishAuditEvents(tenantId, COUNT);
  await waitUntil('all are sealed', () => seals.seenAt(COUNT), { timeoutMs: 600_000, intervalMs: 50 });
  await seals.stop();
  const { entries, began } = await queryOne(Span, SPAN, [tenantId]);
  if (entries !== COUNT) throw new Error(`${entries} of ${COUNT} events became entries`);
  const sealed = (COUNT * 1_000) / ((seals.seenAt(COUNT) ?? Number.NaN) - began);
  const batches = (await queryOne(Batches, BATCHES, [tenantId])).count;
  const rows = Rows.parse(await query(ROWS, [tenantId]));
  const raw = await rawWrites(rows, Math.ceil(COUNT / batches));
  return {
    rows: { 'audit.seal': sealed / raw.ledger },
    notes: {
      'audit_seal.per_second': sealed,
      'audit_seal.entries_in_a_batch': COUNT / batches,
      'audit_seal.by_sql': sealed / raw.sql,
      'raw.ledger_writes': raw.ledger,
      'raw.sql_writes': raw.sql,
    },
  };
}

async function rawWrites(rows: readonly LedgerRow[], batch: number) {
  const sql = await rawLedgerWrites(rows, batch);
  const { immudb } = environment;
  if (immudb === null) return { ledger: sql, sql };
  const texts = rows.map(({ canonical }) => canonical);
  return { ledger: await rawImmudbWrites(immudb, texts, batch), sql };
}

/** From the beginning of the transaction that stored the first. */
const SPAN = `
  SELECT count(*) AS entries, extract(epoch FROM min(created_at)) * 1000 AS began FROM audit_entries WHERE tenant_id = $1`;
const BATCHES = 'SELECT count(*) AS count FROM audit_checkpoints WHERE tenant_id = $1';
const ROWS =
  'SELECT canonical, details::TEXT AS details FROM audit_entries WHERE tenant_id = $1 ORDER BY sequence';
