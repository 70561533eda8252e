import { expect, it } from 'vitest';
import { HASH_BYTES } from './hashes.ts';
import { storedLeaf, tilesOfLeaves } from './stored-leaf.ts';
import { TILE_WIDTH, tileMap } from './tile.ts';

const hash = (byte: number) => new Uint8Array(HASH_BYTES).fill(byte);
const [first, second] = [1, 2].map((byte) => Buffer.concat(Array(TILE_WIDTH).fill(hash(byte))));
const tiles = tileMap([
  { level: 0, index: 0, bytes: Uint8Array.from([...hash(9), ...(first ?? []).slice(HASH_BYTES)]) },
  { level: 0, index: 1, bytes: Uint8Array.from((second ?? []).slice(0, 2 * HASH_BYTES + 1)) },
]);

it.each([
  [1, hash(9)],
  [2, hash(1)],
  [TILE_WIDTH, hash(1)],
  [TILE_WIDTH + 1, hash(2)],
  [TILE_WIDTH + 2, hash(2)],
  [TILE_WIDTH + 3, null],
  [2 * TILE_WIDTH, null],
  [2 * TILE_WIDTH + 1, null],
])('the leaf of entry %i is where the tiles have it, or nowhere', (number, leaf) => {
  expect(storedLeaf(tiles, number)).toEqual(leaf);
});

it('asks for each tile once', () => {
  expect(tilesOfLeaves([1, TILE_WIDTH, TILE_WIDTH + 1, 2])).toEqual([
    { level: 0, index: 0 },
    { level: 0, index: 1 },
  ]);
  expect(tilesOfLeaves([])).toEqual([]);
});
