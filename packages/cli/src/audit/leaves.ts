import { leafHash, storedLeaf, type TileMap, type TilePlace, tilesOfLeaves } from '@ironforge/audit-log';
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
export function leafTiles(span: Span): TilePlace[] {
  return tilesOfLeaves(numbersIn(span));
}

/** What the stored tree has as the leaves. */
export function storedLeaves(tiles: TileMap, span: Span): Leaves {
  return numbersIn(span).map((number) => storedLeaf(tiles, number));
}

function numbersIn({ after, upTo }: Span): number[] {
  return Array.from({ length: upTo - after }, (_, offset) => after + offset + 1);
}

/** The leaves with those of pruned entries as the stored tree has them: their texts are gone. */
export function withPruned(
  { own, stored }: { readonly own: Leaves; readonly stored: Leaves },
  { after }: Span,
  covers: (sequence: number) => boolean,
): Leaves {
  return own.map((leaf, at) => leaf ?? (covers(after + at + 1) ? (stored[at] ?? null) : null));
}
