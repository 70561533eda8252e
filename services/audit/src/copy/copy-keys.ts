import { randomBytes } from 'node:crypto';
import { present, type TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { type CopyKeyPlace, findCopyKeys, insertCopyKeys } from '../queries/audit-copy-keys.ts';
import type { KeyWrap } from './key-wrap.ts';

/** Gives the key of a place. */
export type KeyOf = (place: CopyKeyPlace) => Buffer;

const KEY_BYTES = 32;

/** The keys of these places; those that are not there yet are made, for good. */
export async function copyKeys(
  tx: Tx,
  tenantId: TenantId,
  { places, keyWrap }: { readonly places: readonly CopyKeyPlace[]; readonly keyWrap: KeyWrap },
): Promise<KeyOf> {
  const wanted = [...new Map(places.map((place) => [nameOf(place), place])).values()];
  const known = await findCopyKeys(tx, tenantId, wanted);
  const missing = wanted.filter((place) => !known.some((key) => nameOf(key) === nameOf(place)));
  const made = missing.map(({ category, month }) => {
    const wrapped = keyWrap.wrap({ tenantId, category, month }, randomBytes(KEY_BYTES));
    return { category, month, wrapped };
  });
  await insertCopyKeys(tx, tenantId, made);
  // Another process may have been earlier: what is kept counts.
  const all = [...known, ...(await findCopyKeys(tx, tenantId, missing))];
  const keys = new Map(all.map((key) => [nameOf(key), keyWrap.unwrap({ tenantId, ...key }, key.wrapped)]));
  return (place) => present(keys.get(nameOf(place)), 'the key of a copied text');
}

function nameOf({ category, month }: CopyKeyPlace): string {
  return `${category} ${month}`;
}
