import { tileMap, type TileMap, type TilePlace } from '@ironforge/audit-log';
import type { Client } from 'pg';
import { present } from '@ironforge/kernel';
import { z } from 'zod';
import { KEY_ENTRY_TYPES } from './key-changes.ts';

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
  authority: z.unknown(),
  request_id: z.string().nullable(),
  chain_id: z.string().nullable(),
  tx_hash: z.string().nullable(),
  occurred_at: z.date(),
  details: z.unknown(),
  personal: z.unknown(),
  canonical: z.string(),
  /** A list of texts, or null; as JSON, which is read faster than a list of the database's. */
  search_terms: z.unknown(),
});

/** An entry as the database holds it. */
export type EntryRow = z.output<typeof Entry>;

const KeyEntry = Entry.pick({ sequence: true, canonical: true });
type KeyEntry = z.output<typeof KeyEntry>;

const Checkpoint = z.object({ size: whole, note: z.string() });

/** A checkpoint as the database holds it. */
export type CheckpointRow = z.output<typeof Checkpoint>;

/** What a tenant's log consists of, read as of one moment. */
export interface LogReader {
  readonly entries: (span: Span) => Promise<EntryRow[]>;
  readonly checkpoints: (span: Span) => Promise<CheckpointRow[]>;
  /** Null where there is none before an entry. */
  readonly lastCheckpointBelow: (sequence: number) => Promise<CheckpointRow | null>;
  /** Null where none covers an entry. */
  readonly firstCheckpointFrom: (sequence: number) => Promise<CheckpointRow | null>;
  /** As wide as they are stored; those that are not there are left out. */
  readonly tiles: (places: readonly TilePlace[]) => Promise<TileMap>;
  /** The deletion certificates, by number. */
  readonly certificates: () => Promise<CertificateRow[]>;
  /** Which transactions of a database of immudb's hold the log, in its order. */
  readonly copies: (database: string) => Promise<CopyRow[]>;
  /** The state of that database that was proved last; null when none was. */
  readonly copyState: (database: string) => Promise<StateRow | null>;
  /** How far the numbers go, how many of them are said to be sealed, how many certificates have no number yet, and whether there is such a tenant. */
  readonly extent: () => Promise<Extent>;
  /** The entries about the log's keys among the first ones, ascending. */
  readonly keyEntries: (upTo: number) => Promise<KeyEntry[]>;
  /** The last version of each aggregate among the first entries. */
  readonly versions: (upTo: number) => Promise<Map<string, LastVersion>>;
}

/** Numbers above the first one, up to the second. */
export interface Span {
  readonly after: number;
  readonly upTo: number;
}

export type Extent = z.output<typeof ExtentRow>;

/** Up to which entry a transaction of immudb's holds the log. */
export type CopyRow = z.output<typeof Copy>;

const Copy = z.object({ size: whole, tx_id: z.coerce.bigint(), tx_hash: z.string() });

/** A proved state of a database of immudb's. */
export type StateRow = z.output<typeof State>;

const State = z.object({ server_uuid: z.string(), tx_id: z.coerce.bigint(), tx_hash: z.string() });

/** The last version of an aggregate, and the number that it has. */
export interface LastVersion {
  readonly version: number;
  readonly sequence: number;
}

/** A numbered entry that says what was pruned. */
export type CertificateRow = z.output<typeof Certificate>;

const Certificate = z.object({ sequence: whole, canonical: z.string() });

const ExtentRow = z.object({
  last: whole,
  sealed: whole,
  unsealed_certificates: whole,
  has_tenant: z.boolean(),
});

/** Reads the log of a tenant by a connection in a read-only transaction. */
export function createLogReader(client: Pick<Client, 'query'>, tenantId: string): LogReader {
  const read = async <T extends z.ZodType>(row: T, sql: string, values: readonly unknown[] = []) => {
    const { rows } = await client.query(sql, [tenantId, ...values]);
    return z.array(row).parse(rows);
  };
  return {
    entries: ({ after, upTo }) => read(Entry, ENTRIES, [after, upTo]),
    checkpoints: ({ after, upTo }) => read(Checkpoint, CHECKPOINTS, [after, upTo]),
    lastCheckpointBelow: async (sequence) => (await read(Checkpoint, LAST_BELOW, [sequence]))[0] ?? null,
    firstCheckpointFrom: async (sequence) => (await read(Checkpoint, FIRST_FROM, [sequence]))[0] ?? null,
    tiles: async (places) => {
      const [levels, indexes] = [places.map(({ level }) => level), places.map(({ index }) => index)];
      return tileMap(await read(Tile, TILES, [levels, indexes]));
    },
    certificates: () => read(Certificate, CERTIFICATES),
    copies: (database) => read(Copy, COPIES, [database]),
    copyState: async (database) =>
      z.array(State).parse((await client.query(STATE, [database])).rows)[0] ?? null,
    extent: async () => present((await read(ExtentRow, EXTENT))[0], 'an extent'),
    keyEntries: (upTo) => read(KeyEntry, KEY_ENTRIES, [upTo, KEY_ENTRY_TYPES]),
    versions: async (upTo) => {
      const rows = await read(Version, VERSIONS, [upTo]);
      return new Map(rows.map(({ aggregate, ...last }) => [aggregate, last]));
    },
  };
}

const Tile = z.object({ level: whole, index: whole, bytes: z.instanceof(Uint8Array) });
const Version = z.object({ aggregate: z.string(), version: whole, sequence: whole });

const ENTRIES = `
  SELECT id, tenant_id, sequence, event_id, aggregate, aggregate_version, type, resource_type, resource_id, action, status,
    actor_type, actor_id, authority, request_id, chain_id, tx_hash, occurred_at, details, personal, canonical,
    to_json(search_terms) AS search_terms
  FROM audit_entries WHERE tenant_id = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence`;
const CHECKPOINTS = `
  SELECT size, note FROM audit_checkpoints WHERE tenant_id = $1 AND size > $2 AND size <= $3 ORDER BY size`;
const LAST_BELOW = `
  SELECT size, note FROM audit_checkpoints WHERE tenant_id = $1 AND size < $2 ORDER BY size DESC LIMIT 1`;
const FIRST_FROM = `
  SELECT size, note FROM audit_checkpoints WHERE tenant_id = $1 AND size >= $2 ORDER BY size LIMIT 1`;
const TILES = `
  SELECT t.level, t.place AS index, t.hashes AS bytes
  FROM unnest($2::INT4[], $3::INT8[]) AS w (level, place)
  JOIN audit_tiles t ON t.tenant_id = $1 AND t.level = w.level AND t.place = w.place`;
const COPIES = `
  SELECT size, tx_id, tx_hash FROM audit_copies WHERE tenant_id = $1 AND database = $2 ORDER BY size`;
const STATE = `SELECT server_uuid, tx_id, tx_hash FROM immudb_states WHERE database = $1`;
const EXTENT = `
  WITH known AS (
    SELECT COALESCE((SELECT max(sequence) FROM audit_entries WHERE tenant_id = $1), 0) AS last,
      COALESCE((SELECT sealed_size FROM audit_sequencers WHERE tenant_id = $1), 0) AS sealed
  ) SELECT GREATEST(last, sealed) AS last, sealed, (
    SELECT count(*) FROM audit_entries WHERE tenant_id = $1 AND type = 'entries_pruned' AND sequence IS NULL
  ) AS unsealed_certificates, EXISTS (SELECT 1 FROM tenants WHERE id = $1) AS has_tenant FROM known`;
const CERTIFICATES = `
  SELECT sequence, canonical FROM audit_entries
  WHERE tenant_id = $1 AND type = 'entries_pruned' AND sequence IS NOT NULL ORDER BY sequence`;
const KEY_ENTRIES = `
  SELECT sequence, canonical FROM audit_entries
  WHERE tenant_id = $1 AND sequence <= $2 AND type = ANY($3) ORDER BY sequence`;
const VERSIONS = `
  SELECT aggregate, max(aggregate_version) AS version, max(sequence) AS sequence FROM audit_entries
  WHERE tenant_id = $1 AND sequence <= $2 AND aggregate_version > 0 GROUP BY aggregate`;
