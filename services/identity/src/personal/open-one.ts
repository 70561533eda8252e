import type { PersonalPlace, SealedPersonal } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { IdentityDeps } from '../deps.ts';
import { findSubjectKeys } from '../queries/subject-keys.ts';

/** A cipher, whose it is said to be, and where it stands. */
export interface SealedItem extends SealedPersonal {
  readonly tenantId: TenantId;
  readonly place: PersonalPlace;
}

/** What came of it: `unreadable` is what was changed, stands at another place, or was never under a key of this person. */
export type Opening =
  | { readonly outcome: 'opened'; readonly text: string }
  | { readonly outcome: 'erased' | 'unreadable' };

/** Decrypts by the data key of a person, unless it was destroyed. */
export async function openOne(
  { store, dataKeys }: Pick<IdentityDeps, 'store' | 'dataKeys'>,
  { tenantId, subject, cipher, place }: SealedItem,
): Promise<Opening> {
  const whose = { tenant_id: tenantId, subject };
  const [key] = await store.forTenant(tenantId).read((tx) => findSubjectKeys(tx, [whose]));
  if (key === undefined) return { outcome: 'unreadable' };
  if (key.key_cipher === null) return { outcome: 'erased' };
  const own = dataKeys.cipherOf(whose, key.key_cipher);
  try {
    return { outcome: 'opened', text: own.open({ tenantId, ...place }, cipher) };
  } catch {
    return { outcome: 'unreadable' };
  }
}
