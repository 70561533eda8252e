import { escapeIdentifier } from 'pg';
import { z } from 'zod';
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
  await query(`DELETE FROM tx_requests WHERE note = '${MARK}'`);
  await query('VACUUM ANALYZE tx_requests');
  return {
    rows: { 'many_rows.p99': many / few },
    notes: { 'many_rows.p99_few_ms': few, 'many_rows.p99_many_ms': many },
  };
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
const Column = z.object({ column_name: z.string() });

/** Copies one request of the crew again and again, as long final ones of a thousand tenants and ten thousand wallets. */
async function fill({ tenant }: Crew, count: number): Promise<void> {
  const names = await query(
    `SELECT column_name FROM information_schema.columns WHERE table_name = 'tx_requests' AND table_schema = 'public'`,
  );
  const columns = z
    .array(Column)
    .parse(names)
    .map(({ column_name }) => column_name);
  const COLUMNS = columns.map((name) => escapeIdentifier(name)).join(', ');
  const VALUES = columns.map((name) => MADE[name] ?? `t.${escapeIdentifier(name)}`).join(', ');
  await query(
    `INSERT INTO tx_requests (${COLUMNS}) SELECT ${VALUES}
     FROM generate_series(1, $2::int4) n, (SELECT * FROM tx_requests WHERE tenant_id = $1 LIMIT 1) t`,
    [tenant.id, count],
  );
  await query('VACUUM ANALYZE tx_requests');
}

/** What differs from copy to copy; one in a thousand is the crew's own. */
const MADE: Readonly<Record<string, string>> = {
  id: 'gen_random_uuid()',
  tenant_id: `CASE WHEN n % 1000 = 0 THEN t.tenant_id ELSE CAST(md5('tenant' || n % 1000) AS UUID) END`,
  wallet_id: `CAST(md5('wallet' || n % 10000) AS UUID)`,
  status: `'confirmed'`,
  finalized_at: 'now()',
  expires_at: 'NULL',
  signable_since: 'NULL',
  note: `'${MARK}'`,
  created_at: `now() - n * INTERVAL '1 second'`,
};
