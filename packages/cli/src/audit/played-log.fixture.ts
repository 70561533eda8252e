import { createHash } from 'node:crypto';
import {
  appendLeaves,
  formatCheckpoint,
  formatNote,
  leafHash,
  type LogSigner,
  logSigner,
  rootOf,
  signNote,
  type TileMap,
  tileMap,
} from '@ironforge/audit-log';
import { entryRow } from './entry-row.fixture.ts';
import { KEY_ENTRY_TYPES } from './key-changes.ts';
import type { CheckpointRow, LogReader } from './log-reader.ts';

const ORIGIN = 'played.example/audit/tenant';

/** The key that a played log is signed with unless it says otherwise. */
export const playedSigner = logSigner(ORIGIN, new Uint8Array(32).fill(7));

/** Another key of the same log. */
export const otherSigner = logSigner(ORIGIN, new Uint8Array(32).fill(8));

/** A log as it was sealed, and what somebody wrote over it in the database. */
export interface PlayedLog {
  /** The text of each entry, as it was sealed. */
  readonly texts: readonly string[];
  /** The sizes of its checkpoints, and who signed each. */
  readonly signers: ReadonlyMap<number, LogSigner>;
  readonly deleted?: readonly number[];
  /** Texts that were written over rows. */
  readonly overwritten?: ReadonlyMap<number, string>;
  /** Other tiles than the sealed leaves make. */
  readonly tiles?: TileMap;
  readonly checkpoints?: readonly CheckpointRow[];
  /** How many entries the sequencer says are sealed; all unless said otherwise. */
  readonly sealed?: number;
}

/** So many texts, with those that are given under their numbers. */
export function textsOf(count: number, given: ReadonlyMap<number, string> = new Map()): string[] {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return numbers.map((sequence) => given.get(sequence) ?? JSON.stringify({ sequence }));
}

/** A deletion certificate over some of these texts. */
export function certificateOf(numbers: readonly number[], texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const number of numbers) hash.update(leafHash(Buffer.from(texts[number - 1] ?? '')));
  const details = {
    category: 'access',
    month: '2020-01',
    keptDays: 30,
    count: numbers.length,
    ranges: numbers.map((number) => [number, number]),
    leafHashesSha256: hash.digest('hex'),
    holds: [],
    isMonthGone: true,
  };
  return JSON.stringify({ type: 'entries_pruned', details });
}

/** The tiles of a log with these texts. */
export function tilesOf(texts: readonly string[]): TileMap {
  const leafHashes = texts.map((text) => leafHash(Buffer.from(text)));
  return tileMap(appendLeaves({ size: 0, leafHashes }, new Map()));
}

/** The checkpoints of a log with these texts, each naming the one before it. */
export function checkpointsOf(
  texts: readonly string[],
  signers: ReadonlyMap<number, LogSigner>,
): CheckpointRow[] {
  const sizes = [...signers.keys()];
  return [...signers].map(([size, signer], at) => {
    const root = rootOf(size, tilesOf(texts.slice(0, size)));
    const extensions = sizes
      .slice(0, at)
      .slice(-1)
      .map((before) => `previous ${before}`);
    const text = formatCheckpoint({ origin: ORIGIN, size, root, extensions });
    return { size, note: formatNote({ text, signatures: [signNote(text, signer)] }) };
  });
}

/** Reads a played log as the database holds it; of the columns beside the texts nothing is played. */
export function readerOf({ texts, signers, deleted = [], overwritten, ...other }: PlayedLog): LogReader {
  const checkpoints = other.checkpoints ?? checkpointsOf(texts, signers);
  const stored = texts
    .map((text, at) => entryRow(at + 1, { canonical: overwritten?.get(at + 1) ?? text }))
    .filter(({ sequence }) => !deleted.includes(sequence));
  const withType = (types: readonly string[]) =>
    stored.filter(({ canonical }) => types.some((type) => canonical.includes(`"type":"${type}"`)));
  return {
    entries: async ({ after, upTo }) => stored.filter((row) => row.sequence > after && row.sequence <= upTo),
    checkpoints: async ({ after, upTo }) => checkpoints.filter(({ size }) => size > after && size <= upTo),
    lastCheckpointBelow: async (sequence) => checkpoints.findLast(({ size }) => size < sequence) ?? null,
    firstCheckpointFrom: async (sequence) => checkpoints.find(({ size }) => size >= sequence) ?? null,
    tiles: async () => other.tiles ?? tilesOf(texts),
    certificates: async () => withType(['entries_pruned']),
    copies: async () => [],
    copyState: async () => null,
    extent: async () => ({
      last: texts.length,
      sealed: other.sealed ?? texts.length,
      unsealed_certificates: 0,
      has_tenant: true,
    }),
    keyEntries: async (upTo) => withType(KEY_ENTRY_TYPES).filter(({ sequence }) => sequence <= upTo),
    versions: async () => new Map(),
  };
}
