export type { ConsistencyClaim, ConsistencyFlaw } from './proof/verify-consistency.ts';
export { verifyConsistency } from './proof/verify-consistency.ts';
export type { InclusionClaim, InclusionFlaw } from './proof/verify-inclusion.ts';
export { verifyInclusion } from './proof/verify-inclusion.ts';
export type { NewLeaves } from './tree/append-leaves.ts';
export { appendLeaves } from './tree/append-leaves.ts';
export { emptyRoot, HASH_BYTES, leafHash, nodeHash } from './tree/hashes.ts';
export type { Growth, LeafInTree } from './tree/read-tree.ts';
export {
  consistencyProof,
  inclusionProof,
  rootOf,
  tilesForConsistency,
  tilesForInclusion,
  tilesForRoot,
} from './tree/read-tree.ts';
export type { StoredTile, Tile, TileMap, TilePlace } from './tree/tile.ts';
export { TILE_WIDTH, tileKey, tileMap, tilePath, tileWidth } from './tree/tile.ts';
