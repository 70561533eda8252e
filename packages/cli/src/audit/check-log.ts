import { type Checkpoint, tileMap, tilesForRoot } from '@ironforge/audit-log';
import { type BatchDeps, checkBatches, type Place } from './check-batches.ts';
import { checkColumns } from './check-columns.ts';
import { checkTiles } from './check-tiles.ts';
import { checkVersions } from './check-versions.ts';
import { collectFindings, type FindingList } from './collect-findings.ts';
import type { Finding } from './finding.ts';
import { hasRoot } from './grow-tree.ts';
import { keyBefore, type KeyInForce, keyChanges } from './key-changes.ts';
import { leafTiles, ownLeaves, storedLeaves, withPruned } from './leaves.ts';
import type { CheckpointRow, EntryRow, Extent, LastVersion, LogReader, Span } from './log-reader.ts';
import { followPrunings, type Prunings } from './prunings.ts';
import { unprovedCertificates } from './unproved-certificates.ts';

/** By what a log is checked. */
export interface LogCheck extends BatchDeps {
  readonly reader: LogReader;
  /** A checkpoint that was checked and kept before: only what came after it is looked at. Null for the whole log. */
  readonly since: KeptCheckpoint | null;
  readonly onProgress: (checked: number, all: number) => void;
}

/** A checkpoint that somebody kept, and those of the given keys that have signed it. */
export interface KeptCheckpoint extends Checkpoint {
  readonly signers: readonly string[];
}

/** What was looked at, the newest checkpoint, and everything that is wrong. */
export interface Report {
  readonly entries: number;
  readonly checkpoints: number;
  readonly newest: CheckpointRow | null;
  readonly findings: readonly Finding[];
}

/**
 * Recomputes a log from the texts of its entries: numbers, versions, columns, every tile and every signed root. What was pruned counts as
 * there where a sealed certificate says so. So much of it is in memory as one page has, the last version of each aggregate, the
 * certificates, and a thousand findings of each kind.
 */
export async function checkLog(check: LogCheck): Promise<Report> {
  const extent = await check.reader.extent();
  const start = await begin(check, extent);
  let walk: Walk = start;
  while (walk.tree.size < extent.last) {
    const before = walk.tree.size;
    walk = await walkPage(check, walk, extent);
    if (walk.tree.size === before) break;
    check.onProgress(walk.tree.size, extent.last);
  }
  const { checkpoints, newest, tree } = walk;
  walk.findings.add([...walk.prunings.end(), ...checkEnd(walk, extent)]);
  return { entries: tree.size - start.tree.size, checkpoints, newest, findings: walk.findings.all() };
}

interface Walk extends Place {
  readonly versions: Map<string, LastVersion>;
  readonly prunings: Prunings;
  readonly checkpoints: number;
  readonly newest: CheckpointRow | null;
  /** The same from the first page to the last. */
  readonly findings: FindingList;
}

/** At the kept checkpoint when the log still grows from it, else at the first entry. */
async function begin(check: LogCheck, extent: Extent): Promise<Walk> {
  const { reader, since } = check;
  const prunings = await pruningsOf(check, extent);
  const findings = collectFindings();
  const none = { checkpoints: 0, newest: null, findings, prunings, isAnchored: true };
  const changes = keyChanges(await reader.keyEntries(extent.last));
  const empty = { tree: { size: 0, edge: new Map() }, previousSize: 0, versions: new Map() };
  const fresh = { ...none, ...empty, inForce: keyBefore(changes[0]) };
  if (since === null) return fresh;
  const { size, root } = since;
  const tree = { size, edge: await reader.tiles(tilesForRoot(size)) };
  if (size > extent.sealed || !hasRoot(tree, root)) {
    findings.add([rewritten(since, extent)]);
    return fresh;
  }
  const inForce = keyOfKept(
    since,
    changes.findLast((change) => change.since <= size),
  );
  return { ...none, tree, previousSize: size, inForce, versions: await reader.versions(size) };
}

/** What lies above the last seal counts as little as what lies above the part: its own text alone would prove it. */
async function pruningsOf(check: LogCheck, { last, sealed }: Extent): Promise<Prunings> {
  const after = check.since?.size ?? 0;
  const rows = await check.reader.certificates();
  const span = { after, upTo: Math.min(last, sealed) };
  return followPrunings(rows, after, await unprovedCertificates(check, rows, span));
}

/** What entries below the kept checkpoint say is not proved again: only a key that signed it can be the one. */
function keyOfKept({ signers }: KeptCheckpoint, told: KeyInForce | undefined): KeyInForce {
  if (told && signers.includes(told.key)) return told;
  const [key] = signers;
  return key === undefined ? null : { key, since: 1 };
}

function rewritten({ size }: Checkpoint, { sealed }: Extent): Finding {
  const shorter = `the log has ${sealed} sealed entries, and had ${size}`;
  const detail = size > sealed ? shorter : 'the log does not grow from it';
  return { kind: 'history_rewritten', subject: `checkpoint ${size}`, detail };
}

/** Entries that are read at once. */
const PAGE = 2_000;

async function walkPage(check: LogCheck, walk: Walk, extent: Extent): Promise<Walk> {
  const { reader } = check;
  const window = { after: walk.tree.size, upTo: Math.min(walk.tree.size + PAGE, extent.last) };
  const checkpoints = await reader.checkpoints(window);
  const span = { ...window, upTo: checkpoints.at(-1)?.size ?? window.upTo };
  const [rows, tiles] = [await reader.entries(span), await reader.tiles(leafTiles(span))];
  const { prunings } = walk;
  const [own, stored] = [ownLeaves(rows, span), storedLeaves(tiles, span)];
  const whole = withPruned({ own, stored }, span, prunings.covers);
  const part = { span, checkpoints, keyChanges: keyChanges(rows), own: whole, stored };
  const { written, findings, ...place } = await checkBatches(check, walk, part);
  const proved = storedLeaves(tileMap(written), span);
  walk.findings.add([
    ...missingNumbers(rows, span)
      .filter((sequence) => !prunings.covers(sequence))
      .map((sequence) => missingEntry(sequence, extent)),
    ...prunings.follow({ span, rows, own, proved }),
    ...rows.flatMap((row) => [...checkColumns(row), ...checkVersions(row, walk.versions, prunings)]),
    ...findings,
    ...checkTiles(written, await reader.tiles(written)),
  ]);
  return {
    ...walk,
    ...place,
    checkpoints: walk.checkpoints + checkpoints.length,
    newest: checkpoints.at(-1) ?? walk.newest,
  };
}

function missingNumbers(rows: readonly EntryRow[], { after, upTo }: Span): number[] {
  const there = new Set(rows.map(({ sequence }) => sequence));
  const wanted = Array.from({ length: upTo - after }, (_, index) => after + index + 1);
  return wanted.filter((sequence) => !there.has(sequence));
}

/** Between the pruning and its seal lie some hundred milliseconds. */
function missingEntry(sequence: number, { unsealed_certificates: unsealed }: Extent): Finding {
  const detail =
    unsealed === 0 ? 'is not there' : 'is not there; a certificate is about to be sealed: verify again';
  return { kind: 'entry_missing', subject: `entry ${sequence}`, detail };
}

function checkEnd({ previousSize }: Walk, { last, sealed }: Extent): Finding[] {
  const unsealed: Finding = {
    kind: 'entry_unsealed',
    subject: `entries ${sealed + 1} to ${last}`,
    detail: 'have numbers and are in no sealed batch',
  };
  const missing: Finding = {
    kind: 'checkpoint_missing',
    subject: `checkpoint ${sealed}`,
    detail: `the newest one that is there has ${previousSize} entries`,
  };
  return [
    ...(last === 0 ? [NO_LOG] : []),
    ...(last > sealed ? [unsealed] : []),
    ...(previousSize === sealed ? [] : [missing]),
  ];
}

/** The first entry of a tenant says that it was made. */
const NO_LOG: Finding = {
  kind: 'log_missing',
  subject: 'the log',
  detail: 'has no entry; that of a tenant which was made just now is about to begin: verify again',
};
