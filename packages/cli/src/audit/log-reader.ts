import { tileMap, type TileMap, type TilePlace } from '@ironforge/audit-log';
import type { Client } from 'pg';
import { z } from 'zod';

const whole = z.coerce.number().int();

const Entry = z.object({
  id: z.string(),
  tenant_id: z.string(),
  sequence: whole,
  event_id: z.string(),
  aggregate: z.string(),
  aggregate_version: whole,
  type: z.string(),
  resource_type: z.string(),
  resource_id: z.string(),
  action: z.string(),
  status: z.string(),
  actor_type: z.string(),
  actor_id: z.string(),
  request_id: z.string().nullable(),
  chain_id: z.string().nullable(),
  tx_hash: z.string().nullable(),
  occurred_at: z.date(),
  details: z.unknown(),
  canonical: z.string(),
  /** A list of texts, or null; as JSON, which is read faster than a list of the database's. */
  search_terms: z.unknown(),
});

/** An entry as the database holds it. */
export type EntryRow = z.output<typeof Entry>;

const Checkpoint = z.object({ size: whole, note: z.string() });

/** A checkpoint as the database holds it. */
export type CheckpointRow = z.output<typeof Checkpoint>;

/** What a tenant's log consists of, read as of one moment. */
export interface LogReader {
  readonly entries: (span: Span) => Promise<EntryRow[]>;
  readonly checkpoints: (span: Span) => Promise<CheckpointRow[]>;
  /** As wide as they are stored; those that are not there are left out. */
  readonly tiles: (places: readonly TilePlace[]) => Promise<TileMap>;
  /** How many entries have numbers, and how many of these are said to be sealed. */
  readonly extent: () => Promise<Extent>;
  /** The last version of each aggregate among the first entries. */
  readonly versions: (upTo: number) => Promise<Map<string, number>>;
}

/** Numbers above the first one, up to the second. */
export interface Span {
  readonly after: number;
  readonly upTo: number;
}

export type Extent = z.output<typeof ExtentRow>;

const ExtentRow = z.object({ last: whole, sealed: whole });

/** Reads the log of a tenant by a connection in a read-only transaction. */
export function createLogReader(client: Pick<Client, 'query'>, tenantId: string): LogReader {
  const read = async <T extends z.ZodType>(row: T, sql: string, values: readonly unknown[] = []) => {
    const { rows } = await client.query(sql, [tenantId, ...values]);
    return z.array(row).parse(rows);
  };
  return {
    entries: ({ after, upTo }) => read(Entry, ENTRIES, [after, upTo]),
    checkpoints: ({ after, upTo }) => read(Checkpoint, CHECKPOINTS, [after, upTo]),
    tiles: async (places) => {
      const [levels, indexes] = [places.map(({ level }) => level), places.map(({ index }) => index)];
      return tileMap(await read(Tile, TILES, [levels, indexes]));
    },
    extent: async () => (await read(ExtentRow, EXTENT))[0] ?? { last: 0, sealed: 0 },
    versions: async (upTo) => {
      const rows = await read(Version, VERSIONS, [upTo]);
      return new Map(rows.map(({ aggregate, version }) => [aggregate, version]));
    },
  };
}

const Tile = z.object({ level: whole, index: whole, bytes: z.instanceof(Uint8Array) });
const Version = z.object({ aggregate: z.string(), version: whole });

const ENTRIES = `
  SELECT id, tenant_id, sequence, event_id, aggregate, aggregate_version, type, resource_type, resource_id, action, status,
    actor_type, actor_id, request_id, chain_id, tx_hash, occurred_at, details, canonical,
    to_json(search_terms) AS search_terms
  FROM audit_entries WHERE tenant_id = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence`;
const CHECKPOINTS = `
  SELECT size, note FROM audit_checkpoints WHERE tenant_id = $1 AND size > $2 AND size <= $3 ORDER BY size`;
const TILES = `
  SELECT t.level, t.place AS index, t.hashes AS bytes
  FROM unnest($2::INT4[], $3::INT8[]) AS w (level, place)
  JOIN audit_tiles t ON t.tenant_id = $1 AND t.level = w.level AND t.place = w.place`;
const EXTENT = `
  SELECT COALESCE((SELECT max(sequence) FROM audit_entries WHERE tenant_id = $1), 0) AS last,
    COALESCE((SELECT sealed_size FROM audit_sequencers WHERE tenant_id = $1), 0) AS sealed`;
const VERSIONS = `
  SELECT aggregate, max(aggregate_version) AS version FROM audit_entries
  WHERE tenant_id = $1 AND sequence <= $2 AND aggregate_version > 0 GROUP BY aggregate`;
