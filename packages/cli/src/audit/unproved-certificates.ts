import { inclusionProof, leafHash, tilesForInclusion, verifyInclusion } from '@ironforge/audit-log';
import type { BatchDeps } from './check-batches.ts';
import { checkCheckpoint } from './check-checkpoint.ts';
import { isWhole } from './grow-tree.ts';
import { keyAt, keyBefore, type KeyChange, keyChanges } from './key-changes.ts';
import type { CertificateRow, CheckpointRow, LogReader, Span } from './log-reader.ts';
import { readCertificate } from './read-certificate.ts';

/** What is read of a log above the part that is looked at, and the keys that it is believed by. */
export interface CertificateDeps extends BatchDeps {
  readonly reader: Pick<LogReader, 'tiles' | 'keyEntries' | 'lastCheckpointBelow' | 'firstCheckpointFrom'>;
}

/**
 * The numbers of those certificates above a sealed part of a log that cover something of it, and of which no signed checkpoint proves that they were
 * sealed as they read. They do not come by when that part is followed, and whoever can write to the database can write one.
 */
export async function unprovedCertificates(
  deps: CertificateDeps,
  rows: readonly CertificateRow[],
  part: Span,
): Promise<ReadonlySet<number>> {
  const asked = rows.filter((row) => row.sequence > part.upTo && coversOf(row, part));
  const unproved = new Set<number>();
  if (asked.length === 0) return unproved;
  const newest = await deps.reader.lastCheckpointBelow(Number.MAX_SAFE_INTEGER);
  const changes = keyChanges(await deps.reader.keyEntries(newest?.size ?? 0));
  for (const row of asked) {
    if (!(await isSealed({ ...deps, newest, changes }, row))) unproved.add(row.sequence);
  }
  return unproved;
}

function coversOf(row: CertificateRow, { after, upTo }: Span): boolean {
  const ranges = readCertificate(row, 0).certificate?.ranges ?? [];
  return ranges.some(([first, last]) => last > after && first <= upTo);
}

interface SignedLog extends CertificateDeps {
  readonly newest: CheckpointRow | null;
  readonly changes: readonly KeyChange[];
}

/** The newest checkpoint proves all; the next one is asked, too, since the newest may be by a key that was not given. */
async function isSealed(log: SignedLog, row: CertificateRow): Promise<boolean> {
  if (await isUnder(log, log.newest, row)) return true;
  return await isUnder(log, await log.reader.firstCheckpointFrom(row.sequence), row);
}

async function isUnder(
  { reader, keys, changes }: SignedLog,
  checkpoint: CheckpointRow | null,
  { sequence, canonical }: CertificateRow,
): Promise<boolean> {
  if (checkpoint === null || checkpoint.size < sequence) return false;
  const { size } = checkpoint;
  const inForce = keyAt(size, changes, keyBefore(changes[0]));
  const { root } = checkCheckpoint(checkpoint, { keys, inForce, previousSize: 0 });
  if (root === null) return false;
  const leaf = { index: sequence - 1, size };
  const places = tilesForInclusion(leaf);
  const tiles = await reader.tiles(places);
  if (!isWhole(tiles, places)) return false;
  const proof = inclusionProof(leaf, tiles);
  return verifyInclusion({ ...leaf, root, proof, leafHash: leafHash(Buffer.from(canonical)) }) === 'ok';
}
