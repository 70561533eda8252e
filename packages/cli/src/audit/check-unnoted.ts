import { entryKey, isCopyOf, storedLeaf, type TileMap, tilesOfLeaves } from '@ironforge/audit-log';
import type { Immudb } from '@ironforge/immudb';
import { copyRefused } from './copy-refused.ts';
import { type Finding, nameOfEntries } from './finding.ts';
import type { LogReader } from './log-reader.ts';

/** A log, and the copy that may hold more of it than is noted. */
export interface UnnotedCheck {
  readonly tenantId: string;
  readonly reader: Pick<LogReader, 'tiles'>;
  readonly immudb: Pick<Immudb, 'get'>;
  /** So many entries are sealed, as of the moment in which the log is read. */
  readonly sealed: number;
  readonly onProgress: (compared: number, all: number) => void;
}

/**
 * Compares what immudb holds behind the last entry that is noted as copied. A log that was rolled back together with its notes goes on under
 * numbers that were copied before: there the old entries still stand. Ends with the first number that is not there, for the copy may just lag.
 */
export async function checkUnnoted(check: UnnotedCheck, copied: number): Promise<Finding[]> {
  const { tenantId, reader, immudb, sealed, onProgress } = check;
  const leafOf = leavesInOrder(reader);
  const runs: Run[] = [];
  for (let number = copied + 1; number <= sealed; number += 1) {
    const told = await immudb.get(Buffer.from(entryKey(tenantId, BigInt(number))));
    if ('refused' in told)
      return [...runs.map(rewritten), copyRefused(told.refused, nameOfEntries(number, number))];
    if (told.verified === null) break;
    const leaf = await leafOf(number);
    // A leaf that is not there is told of the tree.
    if (leaf !== null && !isCopyOf(told.verified.value, leaf)) addTo(runs, number);
    onProgress(number, sealed);
  }
  return runs.map(rewritten);
}

/** Reads a tile when the numbers come to it, and keeps no other. */
function leavesInOrder(reader: UnnotedCheck['reader']): (number: number) => Promise<Uint8Array | null> {
  let tiles: TileMap = new Map();
  return async (number) => {
    if (storedLeaf(tiles, number) === null) tiles = await reader.tiles(tilesOfLeaves([number]));
    return storedLeaf(tiles, number);
  };
}

/** Numbers without a gap. */
interface Run {
  readonly first: number;
  last: number;
}

function addTo(runs: Run[], number: number): void {
  const newest = runs.at(-1);
  if (newest?.last === number - 1) newest.last = number;
  else runs.push({ first: number, last: number });
}

function rewritten({ first, last }: Run): Finding {
  return {
    kind: 'history_rewritten',
    subject: nameOfEntries(first, last),
    detail: 'copied to immudb otherwise than the log has it, and the note of that is gone',
  };
}
