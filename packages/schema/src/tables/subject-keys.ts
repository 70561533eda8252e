import { type RowOf, table } from '../table.ts';

/** The wrapped data key of each person, null once he was erased; owned by identity. */
export const subjectKeys = table('subject_keys', {
  tenant_id: 'uuid',
  subject: 'varchar',
  key_cipher: 'text?',
  created_at: 'timestamptz',
  erased_at: 'timestamptz?',
});

export type SubjectKeyRow = RowOf<typeof subjectKeys>;
