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
 * it, so what readers may have forgotten by now is left out. So are commands to send bytes, which are carried out before anybody
 * looks whether they were: what must still be sent is found from its own rows.
 */
export async function replayOutbox(client: Client, { since, service, keptDays }: Replay): Promise<number> {
  await client.query('SET ROLE ironforge_system'); // whom row-level security lets see every tenant
  const { rows: services } = await client.query<{ service: string; now: Date }>(SERVICES, [service]);
  let replayed = 0;
  for (const { service: name, now } of services)
    replayed += await replayService(client, { name, since, until: now, keptDays });
  return replayed;
}

const SERVICES = `
  SELECT DISTINCT service, now() AS now FROM outbox
  WHERE state = 'published' AND (CAST($1 AS TEXT) IS NULL OR service = CAST($1 AS TEXT))`;

interface Range {
  readonly name: string;
  readonly since: Date;
  /** What is published once more meanwhile is marked after this, and so not chosen again. */
  readonly until: Date;
  readonly keptDays: number;
}

const AT_ONCE = 5_000;

/** Page by page along the index, each from where the last one ended: what was returned before is not published any more. */
async function replayService(client: Client, { name, since, until, keptDays }: Range): Promise<number> {
  let from = since;
  let replayed = 0;
  for (;;) {
    const { rows } = await client.query<Place>(PAGE, [name, from, until, keptDays - 1, AT_ONCE]);
    replayed += (await client.query(RETURN, [rows.map(({ id }) => id)])).rowCount ?? 0;
    const last = rows.at(-1);
    if (last === undefined || rows.length < AT_ONCE) return replayed;
    from = last.published_at;
  }
}

interface Place {
  readonly id: string;
  readonly published_at: Date;
}

const PAGE = `
  SELECT id, published_at FROM outbox
  WHERE state = 'published' AND service = $1 AND published_at >= $2 AND published_at < $3
    AND created_at > now() - CAST($4 AS INT4) * interval '1 day'
    AND NOT (exchange = '' AND routing_key LIKE 'tx\\_broadcast.%')
  ORDER BY published_at LIMIT $5`;

const RETURN = `
  UPDATE outbox SET state = 'pending', claimed_until = now()
  WHERE id = ANY (CAST($1 AS UUID[])) AND state = 'published'`;
