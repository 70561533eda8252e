import { type RowOf, table } from '../table.ts';

/** One leader for each recurring job. */
export const jobLeases = table('job_leases', {
  name: 'varchar',
  holder: 'uuid',
  fence: 'int8',
  expires_at: 'timestamptz',
});

export type JobLeaseRow = RowOf<typeof jobLeases>;
