import {
  HASH_BYTES,
  leafHash,
  TILE_WIDTH,
  tileKey,
  type TileMap,
  type TilePlace,
} from '@ironforge/audit-log';
import type { EntryRow, Span } from './log-reader.ts';

/** Leaf hashes of consecutive entries; null where there is none. */
export type Leaves = readonly (Uint8Array | null)[];

/** What the texts of entries make the leaves. */
export function ownLeaves(rows: readonly EntryRow[], { after, upTo }: Span): Leaves {
  const texts = new Map(rows.map(({ sequence, canonical }) => [sequence, canonical]));
  return Array.from({ length: upTo - after }, (_, index) => {
    const text = texts.get(after + index + 1);
    return text === undefined ? null : leafHash(Buffer.from(text));
  });
}

/** Where the stored tree has the leaves of entries. */
export function leafTiles({ after, upTo }: Span): TilePlace[] {
  const [first, last] = [Math.floor(after / TILE_WIDTH), Math.floor((upTo - 1) / TILE_WIDTH)];
  return Array.from({ length: last - first + 1 }, (_, offset) => ({ level: 0, index: first + offset }));
}

/** What the stored tree has as the leaves. */
export function storedLeaves(tiles: TileMap, { after, upTo }: Span): Leaves {
  return Array.from({ length: upTo - after }, (_, offset) => {
    const leaf = after + offset;
    const at = (leaf % TILE_WIDTH) * HASH_BYTES;
    const tile = tiles.get(tileKey({ level: 0, index: Math.floor(leaf / TILE_WIDTH) }));
    const hash = tile?.subarray(at, at + HASH_BYTES);
    return hash?.length === HASH_BYTES ? hash : null;
  });
}

/** The leaves with those of pruned entries as the stored tree has them: their texts are gone. */
export function withPruned(
  { own, stored }: { readonly own: Leaves; readonly stored: Leaves },
  { after }: Span,
  covers: (sequence: number) => boolean,
): Leaves {
  return own.map((leaf, at) => leaf ?? (covers(after + at + 1) ? (stored[at] ?? null) : null));
}
