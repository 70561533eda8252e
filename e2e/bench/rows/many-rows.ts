import { escapeIdentifier } from 'pg';
import type { Crew } from '../load/crew.ts';
import { freshKey, wishOf } from '../load/transfer.ts';
import { query } from '../probe/database.ts';
import { percentile, rateOf } from '../raw/clock.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

const FEW = 1_000;
const MANY = 1_000_000;
const CALLS = 200;
const WORKERS = 4;

/** How much slower the slowest of a hundred is with a million requests of a thousand tenants than with a thousand. */
export async function manyRows(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P');
  const { native, payers, operator } = crew;
  await operator.send('POST', '/v1/transactions', wishOf(payers[0] ?? { id: '' }, native, false), freshKey());
  await fill(crew, FEW);
  const few = await p99Of(crew);
  await fill(crew, MANY - FEW);
  const many = await p99Of(crew);
  await clear();
  return {
    rows: { 'many_rows.p99': many / few },
    notes: { 'many_rows.p99_few_ms': few, 'many_rows.p99_many_ms': many },
  };
}

/** What refers to a request is found by tenant and request, which DELETE does not ask by: it would read all of it for each row. */
async function clear(): Promise<void> {
  for (const table of REFERRING)
    await query(
      `CREATE INDEX IF NOT EXISTS ${escapeIdentifier(indexOf(table))} ON ${escapeIdentifier(table)} (tx_request_id)`,
    );
  await query('DELETE FROM tx_requests WHERE note = $1', [MARK]);
  for (const table of REFERRING) await query(`DROP INDEX IF EXISTS ${escapeIdentifier(indexOf(table))}`);
  await query('VACUUM ANALYZE tx_requests');
}

const REFERRING = ['approvals', 'approver_groups', 'spending_reservations', 'tx_attempts', 'tx_events'];

function indexOf(table: string): string {
  return `${table}_of_the_bench`;
}

/** Half of the calls record a draft, half list the newest. */
async function p99Of({ operator, payers, native }: Crew): Promise<number> {
  const times: number[] = [];
  await rateOf({ count: CALLS, workers: WORKERS }, async (index) => {
    const wish = wishOf(payers[index % payers.length] ?? { id: '' }, native, false);
    const answer = await (index % 2 === 0
      ? operator.send('POST', '/v1/transactions', wish, freshKey())
      : operator.send('GET', '/v1/transactions?limit=50'));
    times.push(answer.ms);
  });
  return percentile(times, 99);
}

const MARK = 'made for the bench';

async function fill({ tenant }: Crew, count: number): Promise<void> {
  await query(COPY, [tenant.id, count, MARK]);
  await query('VACUUM ANALYZE tx_requests');
}

/**
 * One request of the crew again and again, as final ones of a thousand tenants and ten thousand wallets; one in a thousand
 * is the crew's own.
 */
const COPY = `
  INSERT INTO tx_requests SELECT made.*
  FROM (SELECT t FROM tx_requests t WHERE tenant_id = CAST($1 AS UUID) LIMIT 1) AS base, generate_series(1, CAST($2 AS INT4)) AS n,
    LATERAL jsonb_populate_record(base.t, jsonb_build_object(
      'id', gen_random_uuid(),
      'tenant_id', CASE WHEN n % 1000 = 0 THEN CAST($1 AS TEXT) ELSE CAST(CAST(md5('tenant' || n % 1000) AS UUID) AS TEXT) END,
      'wallet_id', CAST(md5('wallet' || n % 10000) AS UUID),
      'status', 'confirmed', 'finalized_at', now(), 'expires_at', NULL, 'signable_since', NULL,
      'note', CAST($3 AS TEXT), 'created_at', now() - n * INTERVAL '1 second'
    )) AS made`;
