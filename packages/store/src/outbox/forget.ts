import type { Tx } from '../transaction.ts';

/** How old a row must be, and how many are removed at once. */
export interface Forgetting {
  readonly service: string;
  readonly days: number;
  readonly limit: number;
}

/**
 * Removes what a service published, and what anybody took in, longer ago than so many days: gives the number of rows. A message
 * is delivered again minutes later at most, or from a dead queue, where nobody has taken it in. What is pending stays for ever.
 */
export async function forgetMessages(tx: Tx, forgetting: Forgetting): Promise<number> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(FORGET, { ...forgetting });
  return rows.length;
}

const FORGET = `
  WITH published AS (
    DELETE FROM outbox WHERE id IN (
      SELECT id FROM outbox
      WHERE service = :service AND state = 'published' AND published_at < now() - :days * interval '1 day'
      LIMIT :limit)
    RETURNING id
  ), taken AS (
    DELETE FROM inbox WHERE (consumer, message_id) IN (
      SELECT consumer, message_id FROM inbox WHERE received_at < now() - :days * interval '1 day' LIMIT :limit)
    RETURNING message_id AS id
  )
  SELECT id FROM published UNION ALL SELECT id FROM taken`;
