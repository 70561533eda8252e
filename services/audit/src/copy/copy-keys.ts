import { randomBytes } from 'node:crypto';
import { present, type TenantId } from '@ironforge/kernel';
import type { Scope } from '@ironforge/store';
import {
  type CopyKeyPlace,
  findCopyKeys,
  insertCopyKeys,
  type WrappedKey,
} from '../queries/audit-copy-keys.ts';
import type { KeyWrap } from './key-wrap.ts';

/** Gives the key of a place. */
export type KeyOf = (place: CopyKeyPlace) => Buffer;

const KEY_BYTES = 32;

/** The keys of these places; those that are not there yet are made, for good. */
export async function copyKeys(
  scope: Scope,
  tenantId: TenantId,
  { places, keyWrap }: { readonly places: readonly CopyKeyPlace[]; readonly keyWrap: KeyWrap },
): Promise<KeyOf> {
  const wanted = [...new Map(places.map((place) => [nameOf(place), place])).values()];
  const known = await scope.read((tx) => findCopyKeys(tx, tenantId, wanted));
  const missing = wanted.filter((place) => !known.some((key) => nameOf(key) === nameOf(place)));
  const made = missing.length === 0 ? [] : await makeKeys(scope, tenantId, { places: missing, keyWrap });
  const all = [...known, ...made];
  const keys = new Map(all.map((key) => [nameOf(key), keyWrap.unwrap({ tenantId, ...key }, key.wrapped)]));
  return (place) => present(keys.get(nameOf(place)), 'the key of a copied text');
}

/** At READ COMMITTED: another process may have been earlier, and what is kept counts. */
async function makeKeys(
  scope: Scope,
  tenantId: TenantId,
  { places, keyWrap }: { readonly places: readonly CopyKeyPlace[]; readonly keyWrap: KeyWrap },
): Promise<WrappedKey[]> {
  const made = places.map(({ category, month }) => {
    const wrapped = keyWrap.wrap({ tenantId, category, month }, randomBytes(KEY_BYTES));
    return { category, month, wrapped };
  });
  return await scope.transaction(
    async (tx) => {
      await insertCopyKeys(tx, tenantId, made);
      return await findCopyKeys(tx, tenantId, places);
    },
    { isolation: 'read committed' },
  );
}

function nameOf({ category, month }: CopyKeyPlace): string {
  return `${category} ${month}`;
}
