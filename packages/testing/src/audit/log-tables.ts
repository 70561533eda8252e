import { type StoredTile, tileMap, type TileMap, type TilePlace } from '@ironforge/audit-log';
import { assert } from '@ironforge/kernel';
import { z } from 'zod';
import type { Base, MadeEntry } from './copy-of-entry.ts';

/** Asks the database as its owner. */
export type Ask = (sql: string, values: readonly unknown[]) => Promise<readonly unknown[]>;

/** Entries with all that seals them. */
export interface SealedPart {
  readonly entries: readonly MadeEntry[];
  readonly tiles: readonly StoredTile[];
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[];
}

const First = z.object({ canonical: z.string(), size: z.coerce.number(), sealed: z.coerce.number() });
const Said = z.record(z.string(), z.unknown());

/** The first entry of a log, whose every entry is sealed. */
export async function readBase(ask: Ask, tenantId: string): Promise<Base> {
  const { canonical, size, sealed } = First.parse((await ask(FIRST, [tenantId]))[0]);
  assert(size === sealed, 'a log whose every entry is sealed');
  const said = Said.parse(JSON.parse(canonical));
  // RFC 8785 writes some numbers otherwise than JSON; no entry has them.
  assert(JSON.stringify(said) === canonical, 'an entry whose text JSON writes in the same way');
  return { tenantId, size, said };
}

const Tile = z.object({ level: z.int(), index: z.coerce.number(), bytes: z.instanceof(Uint8Array) });

/** The stored tiles at these places. */
export async function readTiles(ask: Ask, tenantId: string, places: readonly TilePlace[]): Promise<TileMap> {
  const values = [tenantId, places.map(({ level }) => level), places.map(({ index }) => index)];
  return tileMap(z.array(Tile).parse(await ask(TILES, values)));
}

/** Stores a part, the columns of its entries as their texts say. */
export async function storePart(ask: Ask, { tenantId }: Base, part: SealedPart): Promise<void> {
  const { entries, tiles, checkpoints } = part;
  await ask(ENTRIES, [
    tenantId,
    entries.map(({ id }) => id),
    entries.map(({ eventId }) => eventId),
    entries.map(({ sequence }) => sequence),
    entries.map(({ canonical }) => canonical),
    entries.map(({ terms }) => terms),
  ]);
  await ask(PUT_TILES, [
    tenantId,
    tiles.map(({ level }) => level),
    tiles.map(({ index }) => index),
    tiles.map(({ bytes }) => Buffer.from(bytes)),
  ]);
  await ask(CHECKPOINTS, [
    tenantId,
    checkpoints.map(({ size }) => size),
    checkpoints.map(({ note }) => note),
  ]);
}

/** Says that the log is so long now, and that immudb has it, so that nobody begins to copy it. */
export async function storeEnd(ask: Ask, tenantId: string, size: number): Promise<void> {
  await ask(COPIED, [tenantId, size]);
  await ask('UPDATE audit_sequencers SET last_sequence = $2, sealed_size = $2 WHERE tenant_id = $1', [
    tenantId,
    size,
  ]);
}

const FIRST = `
  SELECT e.canonical, s.last_sequence AS size, s.sealed_size AS sealed
  FROM audit_entries e JOIN audit_sequencers s ON s.tenant_id = e.tenant_id WHERE e.tenant_id = $1 AND e.sequence = 1`;
const TILES = `
  SELECT t.level, t.place AS index, t.hashes AS bytes FROM unnest($2::INT4[], $3::INT8[]) AS w (level, place)
  JOIN audit_tiles t ON t.tenant_id = $1 AND t.level = w.level AND t.place = w.place`;
const ENTRIES = `
  INSERT INTO audit_entries (id, tenant_id, sequence, event_id, aggregate, aggregate_version, type, resource_type, resource_id,
    action, status, actor_type, actor_id, authority, request_id, chain_id, tx_hash, occurred_at, details, personal, canonical, search_terms)
  SELECT n.id, $1, n.sequence, n.event_id, n.event_id::TEXT, 0, s->>'type', s->>'resourceType', s->>'resourceId',
    s->>'action', s->>'status', s->'actor'->>'type', s->'actor'->>'id', NULLIF(s->'authority', 'null'), s->>'requestId', s->>'chainId', s->>'txHash',
    (s->>'occurredAt')::TIMESTAMPTZ, s->'details', NULLIF(s->'personal', 'null'), n.canonical, string_to_array(n.terms, ' ')
  FROM unnest($2::UUID[], $3::UUID[], $4::INT8[], $5::TEXT[], $6::TEXT[]) AS n (id, event_id, sequence, canonical, terms),
    LATERAL (SELECT n.canonical::JSONB) AS said (s)`;
const PUT_TILES = `
  INSERT INTO audit_tiles (tenant_id, level, place, hashes)
  SELECT $1, level, place, hashes FROM unnest($2::INT4[], $3::INT8[], $4::BYTEA[]) AS n (level, place, hashes)
  ON CONFLICT (tenant_id, level, place) DO UPDATE SET hashes = excluded.hashes`;
const CHECKPOINTS = `
  INSERT INTO audit_checkpoints (tenant_id, size, note)
  SELECT $1, size, note FROM unnest($2::INT8[], $3::TEXT[]) AS n (size, note)`;
const COPIED = `
  INSERT INTO audit_copies (tenant_id, database, size, tx_id, tx_hash)
  SELECT $1, database, $2, max(tx_id), repeat('0', 64) FROM audit_copies GROUP BY database`;
