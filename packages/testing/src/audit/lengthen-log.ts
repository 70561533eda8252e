import { randomBytes } from 'node:crypto';
import {
  appendLeaves,
  formatCheckpoint,
  formatKey,
  formatNote,
  keyOf,
  leafHash,
  logSigner,
  type LogSigner,
  rootOf,
  signNote,
  type StoredTile,
  tileKey,
  type TileMap,
  tilesForRoot,
} from '@ironforge/audit-log';
import { type Base, copyOf, type MadeEntry, rotationOf } from './copy-of-entry.ts';
import { type Ask, readBase, readTiles, type SealedPart, storeEnd, storePart } from './log-tables.ts';

/** Whose log becomes how long, in which database. */
export interface LongLogOptions {
  readonly ask: Ask;
  readonly tenantId: string;
  /** The verifier key by which its newest checkpoint is signed. */
  readonly key: string;
  readonly size: number;
}

/** The public key by which the added checkpoints are verified, in the form of c2sp.org/signed-note. */
export interface LongLog {
  readonly key: string;
}

/**
 * Makes a tenant's log longer by copies of its first entry, each an event of its own, with tiles, checkpoints and words as the service
 * would have written them; but it signs by a key of its own, to which the first added entry tells a rotation. Nothing may be written to that log meanwhile. In immudb it
 * counts as copied, though it is not.
 */
export async function lengthenLog({ ask, tenantId, key: from, size }: LongLogOptions): Promise<LongLog> {
  const signer = logSigner(from.slice(0, from.indexOf('+')), randomBytes(32));
  const key = formatKey(keyOf(signer));
  const base = await readBase(ask, tenantId);
  const rotation = rotationOf(base, base.size + 1, { from, to: key });
  let tree: Tree = { size: base.size, tiles: await readTiles(ask, tenantId, tilesForRoot(base.size)) };
  while (tree.size < size) {
    const part = sealPart({ tree, base, rotation, signer, upTo: Math.min(size, tree.size + PART) });
    await storePart(ask, base, part);
    tree = part.tree;
  }
  await storeEnd(ask, tenantId, tree.size);
  return { key };
}

/** Entries that are stored at once, and those that are sealed by one checkpoint. */
const PART = 4_000;
const BATCH = 200;

interface Tree {
  readonly size: number;
  readonly tiles: TileMap;
}

interface Growing {
  readonly tree: Tree;
  readonly base: Base;
  /** The first of all entries that are added. */
  readonly rotation: MadeEntry;
  readonly signer: LogSigner;
  readonly upTo: number;
}

function sealPart({
  tree: start,
  base,
  rotation,
  signer,
  upTo,
}: Growing): SealedPart & { readonly tree: Tree } {
  const entries: MadeEntry[] = [];
  const written = new Map<string, StoredTile>();
  const checkpoints: { readonly size: number; readonly note: string }[] = [];
  let tree = start;
  while (tree.size < upTo) {
    const batch = copies(base, tree.size, Math.min(upTo, tree.size + BATCH));
    if (tree.size === base.size) batch[0] = rotation;
    const grown = grow(tree, batch);
    for (const tile of grown.written) written.set(tileKey(tile), tile);
    checkpoints.push({ size: grown.tree.size, note: signed(signer, grown.tree, tree.size) });
    entries.push(...batch);
    tree = grown.tree;
  }
  return { entries, tiles: [...written.values()], checkpoints, tree };
}

function copies(base: Base, from: number, to: number): MadeEntry[] {
  return Array.from({ length: to - from }, (_, index) => copyOf(base, from + index + 1));
}

function grow({ size, tiles }: Tree, batch: readonly MadeEntry[]) {
  const leafHashes = batch.map(({ canonical }) => leafHash(Buffer.from(canonical)));
  const written = appendLeaves({ size, leafHashes }, tiles);
  const all = new Map([...tiles, ...written.map((tile) => [tileKey(tile), tile.bytes] as const)]);
  const grown = size + batch.length;
  const edge = new Map(
    tilesForRoot(grown).flatMap((place) => {
      const bytes = all.get(tileKey(place));
      return bytes === undefined ? [] : [[tileKey(place), bytes] as const];
    }),
  );
  return { written, tree: { size: grown, tiles: edge } };
}

function signed(signer: LogSigner, { size, tiles }: Tree, previousSize: number): string {
  const extensions = previousSize === 0 ? [] : [`previous ${previousSize}`];
  const text = formatCheckpoint({ origin: signer.name, size, root: rootOf(size, tiles), extensions });
  return formatNote({ text, signatures: [signNote(text, signer)] });
}
