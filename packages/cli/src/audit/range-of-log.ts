import { formatKey, type LogKey, verifyCheckpoint } from '@ironforge/audit-log';
import type { KeptCheckpoint } from './check-log.ts';
import type { Extent, LogReader } from './log-reader.ts';

/** The entries that are to be looked at, both included; undefined for an open end. */
export interface EntryRange {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** A log as far as a range asks for it. */
export interface RangeOfLog {
  /** The last checkpoint before the range that one of the keys has signed; null for the beginning. */
  readonly since: KeptCheckpoint | null;
  /** Ends with the first checkpoint that covers the whole range. */
  readonly reader: LogReader;
}

/** Widens a range to the checkpoints around it, which alone can prove its entries. */
export async function rangeOfLog(
  reader: LogReader,
  { from, to }: EntryRange,
  keys: readonly LogKey[],
): Promise<RangeOfLog> {
  const before = from === undefined ? null : await reader.lastCheckpointBelow(from);
  const end = to === undefined ? null : await reader.firstCheckpointFrom(to);
  const since = before === null ? null : keptCheckpoint(before.note, keys);
  if (end === null) return { since, reader };
  return { since, reader: { ...reader, extent: async () => upTo(end.size, await reader.extent()) } };
}

function upTo(size: number, extent: Extent): Extent {
  return { ...extent, last: Math.min(extent.last, size), sealed: Math.min(extent.sealed, size) };
}

/** What a signed checkpoint says, with those of the keys that have signed it; null when none has. */
export function keptCheckpoint(signed: string, keys: readonly LogKey[]): KeptCheckpoint | null {
  const proofs = keys.flatMap((logKey) => {
    const verdict = verifyCheckpoint({ signed, logKey, witnessKeys: [] });
    return 'checkpoint' in verdict ? [{ ...verdict, signer: formatKey(logKey) }] : [];
  });
  const [proof] = proofs;
  if (proof === undefined) return null;
  return { ...proof.checkpoint, signers: proofs.map(({ signer }) => signer) };
}
