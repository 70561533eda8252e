import type { Client } from 'pg';

/** Which messages to publish again. */
export interface Replay {
  /** What was published at this time or later. */
  readonly since: Date;
  /** Null for every service. */
  readonly service: string | null;
  /** For so many days readers know what they took in; what was written more than a day less ago is left alone. */
  readonly keptDays: number;
}

/**
 * Has published messages published again by the sweepers of their services; gives how many. Whoever has taken one in before drops
 * it, so what readers may have forgotten by now is left out.
 */
export async function replayOutbox(client: Client, { since, service, keptDays }: Replay): Promise<number> {
  await client.query('SET ROLE ironforge_system'); // whom row-level security lets see every tenant
  const { rows } = await client.query<{ now: Date }>('SELECT now() AS now');
  let replayed = 0;
  for (;;) {
    const { rowCount } = await client.query(RETURN, [since, rows[0]?.now, service, keptDays - 1, AT_ONCE]);
    replayed += rowCount ?? 0;
    if ((rowCount ?? 0) < AT_ONCE) return replayed;
  }
}

const AT_ONCE = 5_000;

/** What is published once more meanwhile is marked after the beginning, and so not chosen again. */
const RETURN = `
  UPDATE outbox SET state = 'pending', claimed_until = now()
  WHERE state = 'published' AND id IN (
    SELECT id FROM outbox
    WHERE state = 'published' AND published_at >= $1 AND published_at < $2
      AND (CAST($3 AS TEXT) IS NULL OR service = CAST($3 AS TEXT))
      AND created_at > now() - CAST($4 AS INT4) * interval '1 day'
    LIMIT $5)`;
