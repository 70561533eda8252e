import type { KeyValue } from '@ironforge/immudb';
import { assert, type TenantId } from '@ironforge/kernel';
import type { StoredCheckpoint } from '../queries/audit-checkpoints.ts';
import { checkpointKey, entryKey } from '@ironforge/audit-log';

/** What follows the copied entries of a tenant: the values of its next batch, and the checkpoint that the batch ends in. */
export interface Uncopied {
  readonly tenantId: TenantId;
  /** So many entries are copied already. */
  readonly after: bigint;
  /** At most `MAX_PART_ENTRIES`. */
  readonly values: readonly Buffer[];
  readonly checkpoint: Pick<StoredCheckpoint, 'size' | 'note'>;
}

/** What goes into one transaction of immudb's, and how many entries of the tenant are there with it. */
export interface Part {
  readonly size: bigint;
  readonly entries: readonly KeyValue[];
}

/** So many entries leave room for the checkpoint in a transaction of 1,024. */
export const MAX_PART_ENTRIES = 1_023;

/** The server reads no request above 32 MB; far below it a transaction is written in time on a slow disk too. */
const MAX_PART_BYTES = 4 * 1_024 * 1_024;

/** The first part of what is not copied, and the checkpoint with the last of its batch. The same input is cut in the same way, for ever. */
export function cutPart({ tenantId, after, values, checkpoint }: Uncopied): Part {
  const { length } = values;
  assert(length > 0 && length <= MAX_PART_ENTRIES, `a part of ${length} entries`);
  const all = values.map((value, at) => keyValue(entryKey(tenantId, after + BigInt(at) + 1n), value));
  const entries = all.slice(0, countThatFits(all));
  const size = after + BigInt(entries.length);
  if (size < checkpoint.size) return { size, entries };
  return {
    size,
    entries: [...entries, keyValue(checkpointKey(tenantId, size), Buffer.from(checkpoint.note))],
  };
}

function keyValue(key: string, value: Buffer): KeyValue {
  return { key: Buffer.from(key), value };
}

/** One always fits. */
function countThatFits(entries: readonly KeyValue[]): number {
  let bytes = 0;
  const above = entries.findIndex(({ value }) => (bytes += value.length) > MAX_PART_BYTES);
  return above < 0 ? entries.length : Math.max(above, 1);
}
