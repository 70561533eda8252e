import { present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { keptAs } from '../keep/kept-as.ts';
import { monthOf } from '../keep/month.ts';
import { sealedLeaves } from '../keep/sealed-leaves.ts';
import { entriesToCopy, type EntryToCopy } from '../queries/audit-entries.ts';
import { copyKeys } from './copy-keys.ts';
import { copyValue } from './copy-value.ts';
import type { KeyWrap } from './key-wrap.ts';

/** Sealed entries that follow a number, and what the keys of their texts are kept by. */
export interface ToCopy {
  readonly after: bigint;
  readonly limit: number;
  readonly keyWrap: KeyWrap;
}

/**
 * What stands in immudb for each of these entries: its text under the key of its category and month, and of an entry that was pruned
 * before the leaf hash alone. The same entries give the same values for as long as their keys are there.
 */
export async function copyValues(
  tx: Tx,
  tenantId: TenantId,
  { after, limit, keyWrap }: ToCopy,
): Promise<Buffer[]> {
  const numbers = Array.from({ length: limit }, (_, at) => Number(after) + at + 1);
  const rows = await entriesToCopy(tx, tenantId, { after, upTo: after + BigInt(limit) });
  const entries = new Map(rows.map((row) => [Number(row.sequence), row]));
  const leaves = await sealedLeaves(
    tx,
    tenantId,
    numbers.filter((number) => !entries.has(number)),
  );
  const keyOf = await copyKeys(tx, tenantId, { places: rows.map(placeOf), keyWrap });
  return numbers.map((number) => {
    const entry = entries.get(number);
    if (entry === undefined) return present(leaves.get(number), 'the leaf of a pruned entry');
    return copyValue(entry.canonical, keyOf(placeOf(entry)));
  });
}

function placeOf({ type, created_at }: EntryToCopy) {
  return { category: keptAs(type), month: monthOf(created_at).name };
}
