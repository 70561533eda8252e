import type { TenantId } from '@ironforge/kernel';
import type { Scope } from '@ironforge/store';
import { keptAs } from '../keep/kept-as.ts';
import { monthOf } from '../keep/month.ts';
import type { EntryToCopy } from '../queries/audit-entries.ts';
import { copyKeys } from './copy-keys.ts';
import { copyValue } from './copy-value.ts';
import type { KeyWrap } from './key-wrap.ts';
import { type Altered, sealedEntries } from './sealed-entries.ts';

/** Sealed entries that follow a number, and what the keys of their texts are kept by. */
export interface ToCopy {
  readonly after: bigint;
  readonly limit: number;
  readonly keyWrap: KeyWrap;
}

/**
 * What stands in immudb for each of these entries: its text under the key of its category and month, and of an entry that was pruned
 * before the leaf hash alone. The same entries give the same values for as long as their keys are there. `altered` when one is not
 * what was sealed: what is copied stays for good.
 */
export async function copyValues(
  scope: Scope,
  tenantId: TenantId,
  toCopy: ToCopy,
): Promise<Buffer[] | Altered> {
  const places = await sealedEntries(scope, tenantId, toCopy);
  if ('altered' in places) return places;
  const keyPlaces = places.flatMap((place) => ('entry' in place ? [keyPlaceOf(place.entry)] : []));
  const keyOf = await copyKeys(scope, tenantId, { places: keyPlaces, keyWrap: toCopy.keyWrap });
  return places.map((place) =>
    'entry' in place ? copyValue(place.entry.canonical, keyOf(keyPlaceOf(place.entry))) : place.prunedLeaf,
  );
}

function keyPlaceOf({ type, created_at }: EntryToCopy) {
  return { category: keptAs(type), month: monthOf(created_at).name };
}
