import { type RowOf, table } from '../table.ts';

/** Failed sign-ins by account and by address; owned by identity. */
export const signInThrottles = table('sign_in_throttles', {
  subject_hash: 'varchar',
  failures: 'int4',
  blocked_until: 'timestamptz?',
  updated_at: 'timestamptz',
});

export type SignInThrottleRow = RowOf<typeof signInThrottles>;
