import type { KeyValue } from '@ironforge/immudb';
import { assert, type TenantId } from '@ironforge/kernel';
import type { StoredCheckpoint } from '../queries/audit-checkpoints.ts';
import { checkpointKey, entryKey } from '@ironforge/audit-log';

/** What follows the copied entries of a tenant: the values of its next batches, and the checkpoints that these end in. */
export interface Uncopied {
  readonly tenantId: TenantId;
  /** So many entries are copied already. */
  readonly after: bigint;
  /** At most `partEntries` says. */
  readonly values: readonly Buffer[];
  /** In their order; those beyond the values are left out. */
  readonly checkpoints: readonly BatchEnd[];
}

/** The checkpoint that a batch ends in. */
export type BatchEnd = Pick<StoredCheckpoint, 'size' | 'note'>;

/** What goes into one transaction of immudb's, entries first, and how many entries of the tenant are there with it. */
export interface Part {
  readonly size: bigint;
  readonly entries: readonly KeyValue[];
}

/** So many keys are in a transaction. */
const MAX_KEYS = 1_024;

/** The server reads no request above 32 MB; far below it a transaction is written in time on a slow disk too. */
const MAX_PART_BYTES = 4 * 1_024 * 1_024;

/** How many entries are in the next part, if they are small: whole batches with their checkpoints, or as much of a long one as fits. */
export function partEntries(after: bigint, checkpoints: readonly BatchEnd[]): number {
  const fitting = checkpoints.filter(({ size }, at) => Number(size - after) + at + 1 <= MAX_KEYS);
  return Number((fitting.at(-1)?.size ?? after + BigInt(MAX_KEYS - 1)) - after);
}

/** The first part of what is not copied, and the checkpoints with the last entries of their batches. */
export function cutPart({ tenantId, after, values, checkpoints }: Uncopied): Part {
  const { length } = values;
  assert(length > 0 && length < MAX_KEYS, `a part of ${length} entries`);
  const all = values.map((value, at) => keyValue(entryKey(tenantId, after + BigInt(at) + 1n), value));
  const entries = all.slice(0, countThatFits(all));
  const size = after + BigInt(entries.length);
  const ends = checkpoints.filter((checkpoint) => checkpoint.size <= size);
  const notes = ends.map((end) => keyValue(checkpointKey(tenantId, end.size), Buffer.from(end.note)));
  return { size, entries: [...entries, ...notes] };
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
