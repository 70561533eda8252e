import type { Tx } from '@ironforge/store';

/** The database's time at this statement; leases and time-outs are measured by it. */
export async function readNow(tx: Tx): Promise<Date> {
  const { rows } = await tx.raw<{ rows: { now: Date }[] }>('SELECT statement_timestamp() AS now');
  const [row] = rows;
  if (row === undefined) throw new Error('a select without a table gives one row');
  return row.now;
}
