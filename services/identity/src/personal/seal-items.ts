import type { PersonalItem, SealedPersonal } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import type { IdentityDeps } from '../deps.ts';
import {
  findSubjectKeys,
  insertSubjectKeys,
  type SubjectKey,
  type SubjectPlace,
} from '../queries/subject-keys.ts';
import { subjectsOf } from './subjects.ts';

type Deps = Pick<IdentityDeps, 'store' | 'dataKeys'>;

/**
 * Encrypts each item under the data key of the person of whose act it tells; who has none yet gets one. Null for a person who
 * was erased. Two questions to the database at most, for any number of items and tenants, once these people have keys.
 */
export async function sealItems(
  deps: Deps,
  items: readonly PersonalItem[],
): Promise<(SealedPersonal | null)[]> {
  const subjects = await subjectsOf(deps.store, items);
  const byName = new Map(subjects.map((place) => [nameOf(place), place]));
  const found = await keysOf(deps, [...byName.values()]);
  const keys = new Map(found.map((key) => [nameOf(key), key.key_cipher]));
  return items.map((item, index) => {
    const { tenant_id, subject } = present(subjects[index], 'whose act it was');
    return sealOne(deps, item, { subject, wrapped: keys.get(nameOf({ tenant_id, subject })) ?? null });
  });
}

interface Whose {
  readonly subject: string;
  readonly wrapped: string | null;
}

function sealOne(
  { dataKeys }: Deps,
  { tenantId, place, text }: PersonalItem,
  { subject, wrapped }: Whose,
): SealedPersonal | null {
  if (wrapped === null) return null;
  const cipher = dataKeys.cipherOf({ tenant_id: tenantId, subject }, wrapped);
  return { subject, cipher: cipher.seal({ tenantId, ...place }, text) };
}

async function keysOf(deps: Deps, places: readonly SubjectPlace[]): Promise<SubjectKey[]> {
  const scope = deps.store.system('personal_data');
  const known = await scope.read((tx) => findSubjectKeys(tx, places));
  const names = new Set(known.map(nameOf));
  const missing = places.filter((place) => !names.has(nameOf(place)));
  return missing.length === 0 ? known : [...known, ...(await makeKeys(deps, missing))];
}

/** Another process may make the same at the same time: what is stored first is the key. In one order, so that they never deadlock. */
async function makeKeys({ store, dataKeys }: Deps, places: readonly SubjectPlace[]): Promise<SubjectKey[]> {
  const ordered = places.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const keys = ordered.map((place) => ({ ...place, key_cipher: dataKeys.create(place) }));
  return await store.system('personal_data').transaction(
    async (tx) => {
      await insertSubjectKeys(tx, keys);
      return await findSubjectKeys(tx, places);
    },
    { isolation: 'read committed' },
  );
}

function nameOf({ tenant_id, subject }: SubjectPlace): string {
  return `${tenant_id} ${subject}`;
}
