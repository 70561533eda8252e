import { createHash, type Hash } from 'node:crypto';
import type { TreeHead } from '@ironforge/audit-log';
import { AppError, type Clock, hasCode } from '@ironforge/kernel';
import type { ExportJobRow } from '@ironforge/schema';
import type { Store, Tx } from '@ironforge/store';
import { ENTRIES_CHANGED, advanceExport, endExport, keepExport } from '../queries/export-jobs.ts';
import { insertExportPart } from '../queries/export-parts.ts';
import { findSignedHead, type HeadSigners } from '../seal/signed-head.ts';
import { type ExportSource, sourceOf } from './export-job.ts';
import { type PartText, readSealedPart, type Window } from './read-part.ts';
import { signManifest } from './sign-manifest.ts';
import { EXPORT_CHANGED, storedPieces } from './stored-pieces.ts';

/** What makes exports. */
export interface MakeDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly signers: HeadSigners;
  /** Nobody else goes on with an export before this is over. */
  readonly leaseMs: number;
  /** So many numbers are searched for one part. */
  readonly partEntries: number;
}

/** `lost`: another process has it, or will. `changed`: the log is not what was sealed, and nothing is signed. */
export type MakeOutcome = 'ready' | 'changed' | 'lost' | 'stopped';

/**
 * Makes an export that this process has claimed, part after part, each noted in one transaction with how far it is; goes on where a
 * process before it stopped, whose parts are read once more for the hash of the whole file.
 */
export async function makeExport(deps: MakeDeps, row: ExportJobRow, stop: AbortSignal): Promise<MakeOutcome> {
  const source = sourceOf(row);
  const made = {
    searched: Number(row.searched_sequence),
    entries: Number(row.entries),
    sizeBytes: Number(row.size_bytes),
  };
  try {
    const hash = await hashOfMade(deps, row, made.sizeBytes);
    const head = await headOf(deps, source);
    return await goOn({ deps, row, source, hash, head }, made, stop);
  } catch (error) {
    if (hasCode(error, LOST)) return 'lost';
    if (!hasCode(error, EXPORT_CHANGED)) throw error;
    await end(deps, row, { status: 'failed', reason: ENTRIES_CHANGED });
    return 'changed';
  }
}

const LOST = 'lease_lost';
const READ_COMMITTED = { isolation: 'read committed' } as const;

/** What nobody has signed, or signed by another key, proves nothing. */
async function headOf({ store, signers }: MakeDeps, { tenantId, size }: ExportSource): Promise<TreeHead> {
  const head = await store.forTenant(tenantId).read((tx) => findSignedHead(tx, { tenantId, signers }, size));
  if (head !== null) return head;
  throw new AppError(EXPORT_CHANGED, { detail: `there is no signed checkpoint of size ${size} any more` });
}

interface Making {
  readonly deps: MakeDeps;
  readonly row: ExportJobRow;
  readonly source: ExportSource;
  readonly hash: Hash;
  readonly head: TreeHead;
}

interface Made {
  readonly searched: number;
  readonly entries: number;
  readonly sizeBytes: number;
}

async function hashOfMade({ store, leaseMs }: MakeDeps, row: ExportJobRow, sizeBytes: number): Promise<Hash> {
  const source = sourceOf(row);
  const hash = createHash('sha256');
  for await (const bytes of storedPieces(store, source, { from: 0, to: sizeBytes })) {
    hash.update(bytes);
    const kept = await store
      .forTenant(source.tenantId)
      .transaction((tx) => keepExport(tx, row, leaseMs), READ_COMMITTED);
    if (!kept) throw new AppError(LOST);
  }
  return hash;
}

async function goOn(making: Making, from: Made, stop: AbortSignal): Promise<MakeOutcome> {
  const { deps, source, row, hash } = making;
  let made = from;
  while (made.searched < source.last) {
    if (stop.aborted) return 'stopped';
    const window = {
      first: made.searched + 1,
      last: Math.min(made.searched + deps.partEntries, source.last),
    };
    const part = await makePart(making, made, window);
    hash.update(part.bytes);
    made = after(made, window, part);
  }
  const sha256 = hash.digest('hex');
  const { root } = making.head;
  const wanted = { source, row, root, entries: made.entries, sizeBytes: made.sizeBytes, sha256 };
  const manifest = signManifest(deps, wanted);
  await end(deps, row, { status: 'ready', sha256, manifest });
  return 'ready';
}

/** At READ COMMITTED: what is sealed does not change, and whoever lost the lease changes nothing. */
async function makePart({ deps, source, row, head }: Making, made: Made, window: Window): Promise<PartText> {
  return await deps.store.forTenant(source.tenantId).transaction(async (tx: Tx) => {
    const part = await readSealedPart(tx, source, { ...window, head, signers: deps.signers });
    if (part === null) throw new AppError(EXPORT_CHANGED);
    const progress = { ...after(made, window, part), leaseMs: deps.leaseMs };
    if (!(await advanceExport(tx, row, progress))) throw new AppError(LOST);
    const { sha256 } = part;
    const noted = { ...window, sha256, byteOffset: made.sizeBytes, sizeBytes: part.bytes.length };
    if (part.bytes.length > 0) await insertExportPart(tx, source, noted);
    return part;
  }, READ_COMMITTED);
}

function after({ entries, sizeBytes }: Made, { last }: Window, part: PartText): Made {
  return { searched: last, entries: entries + part.entries, sizeBytes: sizeBytes + part.bytes.length };
}

async function end(
  { store }: MakeDeps,
  row: ExportJobRow,
  how: Parameters<typeof endExport>[2],
): Promise<void> {
  const { tenantId } = sourceOf(row);
  const isOurs = await store.forTenant(tenantId).transaction((tx) => endExport(tx, row, how), READ_COMMITTED);
  if (!isOurs) throw new AppError(LOST);
}
