import type { Tx } from '@ironforge/store';

/** How many nonces of an address are spent. */
export interface MinedCount {
  readonly address: string;
  readonly count: number;
}

/** A nonce of a watched address. */
export interface NoncePlace {
  readonly tenant_id: string;
  readonly address: string;
  readonly nonce: number | bigint;
}

/**
 * The addresses whose count a new block is asked for: signed bytes wait for a nonce that nothing has spent yet, or
 * somebody was told of a higher count than we can account for.
 */
export async function findUncounted(tx: Tx, chainId: string): Promise<string[]> {
  const { rows } = await tx.raw<{ rows: { address: string }[] }>(
    `SELECT a.address FROM watches w
     JOIN watch_attempts a ON a.tenant_id = w.tenant_id AND a.tx_request_id = w.tx_request_id
     WHERE w.chain_id = :chainId AND w.depth = 'none' AND NOT EXISTS (
       SELECT 1 FROM spent_nonces s
       WHERE s.tenant_id = a.tenant_id AND s.chain_id = a.chain_id AND s.address = a.address AND s.nonce = a.nonce
         AND s.depth <> 'none')
     UNION
     SELECT address FROM watched_addresses WHERE chain_id = :chainId AND quoted_count > mined_count`,
    { chainId },
  );
  return rows.map(({ address }) => address);
}

/** So many nonces without a transaction are given of an address at once: a count is one endpoint's word, and may be any number. */
export const MOST_UNACCOUNTED = 100;
/** So far above what is accounted for a count is believed at once: so many nonces are looked through. */
const REACH = 10_000;

/**
 * The nonces below these counts that nothing we know of has spent, from the first that anybody could be offered; of an
 * address the lowest, at most `MOST_UNACCOUNTED`. One by one, by LIMIT: a planner that guesses how long the series is reads
 * all that was ever spent.
 */
export async function findUnaccounted(
  tx: Tx,
  chainId: string,
  counts: readonly MinedCount[],
): Promise<NoncePlace[]> {
  if (counts.length === 0) return [];
  const { rows } = await tx.raw<{ rows: NoncePlace[] }>(
    `SELECT d.tenant_id, d.address, u.nonce FROM watched_addresses d
     JOIN unnest(:addresses::TEXT[], :counts::INT8[]) AS c (address, count) ON c.address = d.address
     CROSS JOIN LATERAL (
       SELECT n.nonce FROM generate_series(d.mined_count, LEAST(c.count, d.mined_count + ${REACH}) - 1) AS n (nonce)
       LEFT JOIN LATERAL (
         SELECT true AS is_known FROM spent_nonces s
         WHERE s.tenant_id = d.tenant_id AND s.chain_id = d.chain_id AND s.address = d.address AND s.nonce = n.nonce
           AND s.depth <> 'none' LIMIT 1) AS known ON true
       WHERE known.is_known IS NULL ORDER BY n.nonce LIMIT ${MOST_UNACCOUNTED}) AS u
     WHERE d.chain_id = :chainId
     ORDER BY d.tenant_id, d.address, u.nonce`,
    { chainId, ...columnsOf(counts) },
  );
  return rows;
}

/** Notes that every nonce below these counts is accounted for, as far as was looked, where anybody was ever told a count. */
export async function raiseMinedCounts(
  tx: Tx,
  chainId: string,
  counts: readonly MinedCount[],
): Promise<void> {
  if (counts.length === 0) return;
  await tx.raw(
    `UPDATE watched_addresses d SET mined_count = LEAST(c.count, d.mined_count + ${REACH})
     FROM unnest(:addresses::TEXT[], :counts::INT8[]) AS c (address, count)
     WHERE d.chain_id = :chainId AND d.address = c.address AND d.mined_count < c.count`,
    { chainId, ...columnsOf(counts) },
  );
}

/** Notes that these nonces are to be accounted for, from now on or again; also the first word of an address. */
export async function lowerMinedCounts(
  tx: Tx,
  chainId: string,
  places: readonly NoncePlace[],
): Promise<void> {
  if (places.length === 0) return;
  await tx.raw(
    `UPDATE watched_addresses d SET mined_count = p.nonce
     FROM (SELECT tenant_id, address, min(nonce) AS nonce
       FROM unnest(:tenants::UUID[], :addresses::TEXT[], :nonces::INT8[]) AS n (tenant_id, address, nonce)
       GROUP BY tenant_id, address) AS p
     WHERE d.tenant_id = p.tenant_id AND d.chain_id = :chainId AND d.address = p.address
       AND (d.mined_count IS NULL OR d.mined_count > p.nonce)`,
    {
      chainId,
      tenants: places.map(({ tenant_id }) => tenant_id),
      addresses: places.map(({ address }) => address),
      nonces: places.map(({ nonce }) => nonce.toString()),
    },
  );
}

/** Notes which count somebody was told: no nonce below the lowest is ever offered, and the highest is to be explained. */
export async function noteQuotedCount(
  tx: Tx,
  chainId: string,
  { address, count }: MinedCount,
): Promise<void> {
  await tx.raw(
    `UPDATE watched_addresses SET
       mined_count = LEAST(mined_count, CAST(:count AS INT8)), quoted_count = GREATEST(quoted_count, CAST(:count AS INT8))
     WHERE chain_id = :chainId AND address = :address AND (mined_count IS NULL OR mined_count <> :count)`,
    { chainId, address, count: storable(count) },
  );
}

function columnsOf(counts: readonly MinedCount[]) {
  return {
    addresses: counts.map(({ address }) => address),
    counts: counts.map(({ count }) => storable(count)),
  };
}

/** A count may be any number below 2^64 (EIP-2681). */
function storable(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}
