import type { SubjectKeyRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';

/** One person of one tenant, or the visitors of a month. */
export interface SubjectPlace {
  readonly tenant_id: string;
  readonly subject: string;
}

/** A person and his wrapped data key; null once he was erased. */
export type SubjectKey = Pick<SubjectKeyRow, 'tenant_id' | 'subject' | 'key_cipher'>;

/** Stores new keys; who has one, or was erased, keeps it so. */
export async function insertSubjectKeys(tx: Tx, keys: readonly SubjectKey[]): Promise<void> {
  await tx<SubjectKeyRow>('subject_keys')
    .insert([...keys])
    .onConflict(['tenant_id', 'subject'])
    .ignore();
}

/** The keys of these people; who has none yet is left out. */
export async function findSubjectKeys(tx: Tx, places: readonly SubjectPlace[]): Promise<SubjectKey[]> {
  const { rows } = await tx.raw<{ rows: SubjectKey[] }>(FIND, {
    tenants: places.map(({ tenant_id }) => tenant_id),
    subjects: places.map(({ subject }) => subject),
  });
  return rows;
}

const FIND = `
  SELECT k.tenant_id, k.subject, k.key_cipher
  FROM unnest(CAST(:tenants AS UUID[]), CAST(:subjects AS TEXT[])) AS w (tenant_id, subject)
  JOIN subject_keys k ON k.tenant_id = w.tenant_id AND k.subject = w.subject`;

/** When the key of a person was destroyed, null while it is there; undefined for who never had one. */
export async function findErasure(
  tx: Tx,
  { tenant_id, subject }: SubjectPlace,
): Promise<Pick<SubjectKeyRow, 'erased_at'> | undefined> {
  return await tx<SubjectKeyRow>('subject_keys').where({ tenant_id, subject }).first('erased_at');
}

/** Destroys the key of a person, and keeps that he was erased, so that he gets no other one. */
export async function destroySubjectKey(tx: Tx, place: SubjectPlace, now: Date): Promise<void> {
  await tx<SubjectKeyRow>('subject_keys')
    .insert({ ...place, key_cipher: null, created_at: now, erased_at: now })
    .onConflict(['tenant_id', 'subject'])
    .merge({ key_cipher: null, erased_at: now });
}
