import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leavesOf, obviousRoot, tileStore } from './obvious-tree.fixture.ts';
import { provenTiles, tilesToProve } from './proven-tiles.ts';
import { rootOf, tilesForRoot } from './read-tree.ts';
import { storedLeaf } from './stored-leaf.ts';
import { TILE_WIDTH, tileKey } from './tile.ts';

const LEAVES = leavesOf(TILE_WIDTH ** 2 + 700);
const store = tileStore();
store.append(LEAVES);

const place = fc
  .integer({ min: 1, max: 600 })
  .chain((size) => fc.record({ size: fc.constant(size), number: fc.integer({ min: 1, max: size }) }));

/** The leaf of an entry as it is proved in a tree of a size, from tiles in which one byte may be another. */
function provenLeaf(
  { size, number, root }: { size: number; number: number; root: Uint8Array },
  changed?: Changed,
) {
  const wanted = tilesToProve([number], size);
  const stored = new Map(store.read(wanted));
  const bytes = Uint8Array.from(stored.get(changed?.key ?? '') ?? []);
  if (changed !== undefined) stored.set(changed.key, bytes.with(changed.at, (bytes[changed.at] ?? 0) ^ 1));
  return storedLeaf(provenTiles(stored, wanted, { size, root }), number);
}

interface Changed {
  readonly key: string;
  readonly at: number;
}

describe('a leaf from stored tiles', () => {
  it('is proved by the root of every size, though the tiles have grown since', () => {
    fc.assert(
      fc.property(place, ({ size, number }) => {
        const root = obviousRoot(LEAVES.slice(0, size));
        expect(provenLeaf({ size, number, root })).toEqual(LEAVES[number - 1]);
      }),
    );
  });

  it('is proved by no other root', () => {
    const root = obviousRoot(LEAVES.slice(0, 300));
    expect(provenLeaf({ size: 301, number: 5, root })).toBeNull();
    expect(provenLeaf({ size: 300, number: 301, root })).toBeNull();
  });

  it.each([1, 300, TILE_WIDTH ** 2, TILE_WIDTH ** 2 + 1, TILE_WIDTH ** 2 + 600, LEAVES.length])(
    'is entry %i no more when a byte is another in any tile that proves it',
    (number) => {
      const size = LEAVES.length;
      const root = rootOf(size, store.read(tilesForRoot(size)));
      expect(provenLeaf({ size, number, root })).toEqual(LEAVES[number - 1]);
      for (const { width, ...tile } of tilesToProve([number], size))
        for (const at of [0, width * 32 - 1])
          expect([tile, provenLeaf({ size, number, root }, { key: tileKey(tile), at })]).toEqual([
            tile,
            null,
          ]);
    },
  );

  it('is not proved where a tile is gone or cut', () => {
    const wanted = tilesToProve([5], 600);
    const head = { size: 600, root: obviousRoot(LEAVES.slice(0, 600)) };
    const stored = store.read(wanted);
    expect(wanted.map(tileKey)).toEqual(['0/0', '1/0', '0/2']);
    const leafIn = (tiles: Map<string, Uint8Array>) => storedLeaf(provenTiles(tiles, wanted, head), 5);
    for (const tile of wanted) {
      const [gone, cut] = [new Map(stored), new Map(stored)];
      gone.delete(tileKey(tile));
      cut.set(tileKey(tile), (stored.get(tileKey(tile)) ?? new Uint8Array()).slice(0, tile.width * 32 - 1));
      expect([leafIn(gone), leafIn(cut)]).toEqual([null, null]);
    }
  });
});
