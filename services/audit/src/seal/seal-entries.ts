import {
  appendLeaves,
  formatCheckpoint,
  formatNote,
  leafHash,
  type LogSigner,
  rootOf,
  signNote,
  tileKey,
  type TileMap,
} from '@ironforge/audit-log';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { insertCheckpoint } from '../queries/audit-checkpoints.ts';
import { putTiles } from '../queries/audit-tiles.ts';
import { keepLastHead } from './last-head.ts';

/** The canonical texts that follow the sealed ones of a tenant, in the order of their numbers. */
export interface Unsealed {
  readonly tenantId: TenantId;
  /** So many are sealed already. */
  readonly size: number;
  readonly texts: readonly string[];
  /** The right edge of the tree, as `sealedEdge` reads it. */
  readonly edge: TileMap;
}

/**
 * Puts entries into the tenant's tree and signs its new head by each of the signers: two statements that travel with COMMIT. Gives the
 * new size. The sequencer's row is locked by the caller, so that nobody else seals.
 */
export function sealEntries(
  tx: Tx,
  signers: readonly [LogSigner, ...LogSigner[]],
  { tenantId, size, texts, edge }: Unsealed,
): number {
  const leafHashes = texts.map((text) => leafHash(Buffer.from(text)));
  const written = appendLeaves({ size, leafHashes }, edge);
  const newSize = size + texts.length;
  const tiles = new Map([...edge, ...written.map((tile) => [tileKey(tile), tile.bytes] as const)]);
  putTiles(tx, tenantId, written);
  const head = { size: newSize, root: rootOf(newSize, tiles), previousSize: size };
  insertCheckpoint(tx, tenantId, { size: newSize, note: signedHead(signers, head) });
  return newSize;
}

/** The root of a tree, and the size that the checkpoint before has, so that none can be taken out unseen. */
interface Head {
  readonly size: number;
  readonly root: Uint8Array;
  readonly previousSize: number;
}

function signedHead(
  signers: readonly [LogSigner, ...LogSigner[]],
  { size, root, previousSize }: Head,
): string {
  const extensions = previousSize === 0 ? [] : [`previous ${previousSize}`];
  const text = formatCheckpoint({ origin: signers[0].name, size, root, extensions });
  const note = formatNote({ text, signatures: signers.map((signer) => signNote(text, signer)) });
  keepLastHead(signers[0], { note, head: { size, root } });
  return note;
}
