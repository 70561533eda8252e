import { AppError } from '@ironforge/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendLeaves } from './append-leaves.ts';
import { leavesOf } from './obvious-tree.fixture.ts';
import { inclusionProof, rootOf, tilesForRoot } from './read-tree.ts';
import { readTile, tileMap, tilePath, tileWidth } from './tile.ts';

describe('tilePath', () => {
  it.each([
    [0, 0, 256, 'tile/0/000'],
    [0, 5, 256, 'tile/0/005'],
    [1, 999, 256, 'tile/1/999'],
    [1, 1_000, 256, 'tile/1/x001/000'],
    [0, 1_234_067, 256, 'tile/0/x001/x234/067'],
    [0, 273, 112, 'tile/0/273.p/112'],
    [2, 0, 1, 'tile/2/000.p/1'],
  ])('of level %i, index %i and width %i is %s (C2SP tlog-tiles)', (level, index, width, path) => {
    expect(tilePath({ level, index, width })).toBe(path);
  });
});

describe('tiles of a tree', () => {
  it('are as wide as C2SP tlog-tiles says of a tree of 70,000 and of 256', () => {
    const widths = (size: number, level: number, indexes: number[]) =>
      indexes.map((index) => tileWidth({ level, index }, size));
    expect(widths(70_000, 0, [0, 272, 273, 274])).toEqual([256, 256, 112, 0]);
    expect(widths(70_000, 1, [0, 1, 2])).toEqual([256, 17, 0]);
    expect(widths(70_000, 2, [0, 1])).toEqual([1, 0]);
    expect(widths(256, 0, [0, 1])).toEqual([256, 0]);
    expect(widths(256, 1, [0])).toEqual([1]);
  });

  it('at the right edge are the partial ones of every level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (size) => {
        const levels = [0, 1, 2, 3, 4, 5, 6].map((level) => Math.floor(size / 256 ** level) % 256);
        const partial = levels.flatMap((width, level) => (width === 0 ? [] : [{ level, width }]));
        const edge = tilesForRoot(size).map(({ level, width }) => ({ level, width }));
        expect(edge.toReversed()).toEqual(partial);
      }),
    );
  });
});

describe('a tile that the store lost or cut', () => {
  const leafHashes = leavesOf(300);
  const stored = appendLeaves({ size: 0, leafHashes }, tileMap([]));
  const without = (level: number, index: number) =>
    tileMap(stored.filter((tile) => tile.level !== level || tile.index !== index));

  const faultOf = (read: () => unknown): unknown => {
    try {
      return read();
    } catch (error) {
      return error instanceof AppError ? `${error.code}: ${error.message}` : error;
    }
  };

  it('is a fault that names it', () => {
    expect(faultOf(() => rootOf(300, without(0, 1)))).toBe('tile_missing: tile/0/001.p/44');
    expect(faultOf(() => rootOf(300, without(1, 0)))).toBe('tile_missing: tile/1/000.p/1');
    expect(faultOf(() => inclusionProof({ index: 3, size: 300 }, without(0, 0)))).toBe(
      'tile_missing: tile/0/000',
    );
    expect(faultOf(() => appendLeaves({ size: 300, leafHashes }, without(0, 1)))).toBe(
      'tile_missing: tile/0/001.p/44',
    );
  });

  it.each([
    [44 * 32 - 1, 'tile_short: tile/0/001.p/44 has 1407 of 1408 bytes'],
    [43 * 32, 'tile_short: tile/0/001.p/44 has 1376 of 1408 bytes'],
    [45 * 32 - 1, 'tile_short: tile/0/001.p/44 has 1439 of 1408 bytes'],
    [0, 'tile_short: tile/0/001.p/44 has 0 of 1408 bytes'],
  ])('with %i bytes is a fault that names it', (length, fault) => {
    const tiles = tileMap([...stored, { level: 0, index: 1, bytes: new Uint8Array(length) }]);
    expect(faultOf(() => rootOf(300, tiles))).toBe(fault);
  });

  it('gives copies: what is done with a read tile does not reach the stored one', () => {
    const tiles = tileMap(stored);
    readTile({ level: 0, index: 0, width: 256 }, tiles).fill(0);
    expect(rootOf(256, tiles)).toEqual(rootOf(256, tileMap(stored)));
    expect(stored[0]?.bytes.some((byte) => byte !== 0)).toBe(true);
  });
});
