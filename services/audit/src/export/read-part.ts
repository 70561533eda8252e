import { createHash } from 'node:crypto';
import { exportLine, leafHash, type TreeHead } from '@ironforge/audit-log';
import type { Tx } from '@ironforge/store';
import { prunedNumbers } from '../queries/audit-pruned-entries.ts';
import { findTexts } from '../queries/entry-search.ts';
import { certifiedNumbers } from '../keep/certified-numbers.ts';
import { provenLeaves } from '../seal/proven-leaves.ts';
import type { HeadSigners } from '../seal/signed-head.ts';
import { type ExportSource, isWhole, searchOf } from './export-job.ts';

/** Numbers, both included. */
export interface Window {
  readonly first: number;
  readonly last: number;
}

/** What a part of the range gives: bytes of the file, and of how many entries. */
export interface PartText {
  readonly bytes: Buffer;
  readonly entries: number;
  readonly sha256: string;
}

/** Writes a part of the file from the log as it is now. */
export async function readPart(tx: Tx, source: ExportSource, window: Window): Promise<PartText> {
  return toPart(source, await textsIn(tx, source, window));
}

/** Numbers, the head that was signed over them, and by whom. */
export interface SealedWindow extends Window {
  readonly head: TreeHead;
  readonly signers: HeadSigners;
}

/**
 * The same, or null when an entry is not what was sealed, or one of a whole range is missing that no sealed certificate covers.
 * Throws `dependency_down` where that is yet to be sealed.
 */
export async function readSealedPart(
  tx: Tx,
  source: ExportSource,
  { head, signers, ...window }: SealedWindow,
): Promise<PartText | null> {
  const rows = await textsIn(tx, source, window);
  const numbers = rows.map(({ sequence }) => Number(sequence));
  const leaves = await provenLeaves(tx, source.tenantId, { numbers, head });
  const isComplete = !isWhole(source) || (await isAllThere(tx, source, { window, numbers, signers }));
  return isComplete && rows.every((row) => isSealed(row, leaves)) ? toPart(source, rows) : null;
}

type Texts = Awaited<ReturnType<typeof findTexts>>;

async function textsIn(tx: Tx, source: ExportSource, { first, last }: Window): Promise<Texts> {
  const span = { after: BigInt(first - 1), upTo: BigInt(last) };
  return await findTexts(tx, source.tenantId, { ...searchOf(source), span });
}

interface Found {
  readonly window: Window;
  readonly numbers: readonly number[];
  readonly signers: HeadSigners;
}

/** Number by number, since what was pruned may be told of more entries than are gone, when it is pruned at this moment. */
async function isAllThere(
  tx: Tx,
  { tenantId }: ExportSource,
  { window, numbers, signers }: Found,
): Promise<boolean> {
  const { first, last } = window;
  const there = new Set(numbers);
  if (there.size === last - first + 1) return true;
  const pruned = [...(await prunedNumbers(tx, tenantId, window))].filter(([number]) => !there.has(number));
  const certified = await certifiedNumbers(tx, { tenantId, signers }, new Map(pruned));
  return there.size + certified.size === last - first + 1;
}

function toPart({ format }: ExportSource, rows: Texts): PartText {
  const bytes = Buffer.from(rows.map(({ canonical }) => exportLine(format, canonical)).join(''));
  return { bytes, entries: rows.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function isSealed({ sequence, canonical }: Texts[number], leaves: ReadonlyMap<number, Buffer>): boolean {
  return leaves.get(Number(sequence))?.equals(leafHash(Buffer.from(canonical))) ?? false;
}
