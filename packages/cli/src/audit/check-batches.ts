import { type LogKey, type StoredTile, tilesForRoot } from '@ironforge/audit-log';
import { type CheckedCheckpoint, checkCheckpoint } from './check-checkpoint.ts';
import type { Finding } from './finding.ts';
import { type GrowingTree, hasRoot } from './grow-tree.ts';
import type { Leaves } from './leaves.ts';
import { keyAt, type KeyChange, type KeyInForce } from './key-changes.ts';
import type { CheckpointRow, LogReader, Span } from './log-reader.ts';
import { type Settled, settleBatch } from './settle-batch.ts';

/** A part of a log whose last entry is that of a checkpoint, unless it has none. */
export interface LogPart {
  readonly span: Span;
  readonly checkpoints: readonly CheckpointRow[];
  /** What its entries say of the keys that it is signed by. */
  readonly keyChanges: readonly KeyChange[];
  readonly own: Leaves;
  readonly stored: Leaves;
}

/** How far a log was followed. */
export interface Place extends Anchored {
  /** Of the checkpoint below; 0 when there is none. */
  readonly previousSize: number;
  readonly inForce: KeyInForce;
}

/** A tree, and whether it is the one that was signed, as far as a signed root said: otherwise what follows it cannot be judged. */
interface Anchored {
  readonly tree: GrowingTree;
  readonly isAnchored: boolean;
}

/** What was found on the way from one place to the next. */
export interface Followed extends Place {
  readonly written: readonly StoredTile[];
  readonly findings: readonly Finding[];
}

/** What the keys of the log are, and where its stored tree can be read. */
export interface BatchDeps {
  readonly reader: Pick<LogReader, 'tiles'>;
  readonly keys: readonly LogKey[];
}

/** Follows a part of a log from checkpoint to checkpoint; what none covers is taken as it is, for the next one to judge. */
export async function checkBatches(deps: BatchDeps, from: Place, part: LogPart): Promise<Followed> {
  const written: StoredTile[] = [];
  const findings: Finding[] = [];
  let place = from;
  for (const checkpoint of part.checkpoints) {
    const inForce = keyAt(checkpoint.size, part.keyChanges, place.inForce);
    const head = checkCheckpoint(checkpoint, { ...deps, inForce, previousSize: place.previousSize });
    const settled = settleBatch(batchUpTo(checkpoint.size, { place, part, root: head.root }));
    findings.push(...head.findings, ...(settled.isProved || place.isAnchored ? settled.findings : []));
    written.push(...settled.written);
    const anchor = await anchored(deps, settled, { size: checkpoint.size, root: head.root, before: place });
    place = { ...anchor, previousSize: checkpoint.size, inForce: inForce ?? firstKey(head) };
  }
  if (part.checkpoints.length > 0) return { ...place, written, findings };
  const rest = settleBatch(batchUpTo(part.span.upTo, { place, part, root: null }));
  return { ...place, tree: rest.tree, written: rest.written, findings: rest.findings };
}

/** Which key a log begins with, its first checkpoint tells. */
function firstKey({ signedBy }: CheckedCheckpoint): KeyInForce {
  return signedBy === null ? null : { key: signedBy, since: 1 };
}

function batchUpTo(
  size: number,
  { place, part, root }: { readonly place: Place; readonly part: LogPart; readonly root: Uint8Array | null },
) {
  const { tree } = place;
  const ends = [tree.size - part.span.after, size - part.span.after] as const;
  return { tree, own: part.own.slice(...ends), stored: part.stored.slice(...ends), root };
}

/** Where a batch could not be proved, the stored tree is gone on with as soon as it leads to a signed root. */
async function anchored(
  { reader }: BatchDeps,
  { tree, isProved }: Settled,
  {
    size,
    root,
    before,
  }: { readonly size: number; readonly before: Anchored } & Pick<CheckedCheckpoint, 'root'>,
): Promise<Anchored> {
  if (root === null) return { tree, isAnchored: before.isAnchored };
  if (isProved) return { tree, isAnchored: true };
  const stored = { size, edge: await reader.tiles(tilesForRoot(size)) };
  return hasRoot(stored, root) ? { tree: stored, isAnchored: true } : { tree, isAnchored: false };
}
