import { expect, it } from 'vitest';
import { auditCopyStatus, copyIn } from './audit-copy-status.ts';

const METRICS = `# HELP audit_copy_entries_behind Entries that are sealed and not in immudb yet
audit_copy_entries_behind{service="audit"} 12
# HELP audit_copy_refused 1 while nothing is copied
audit_copy_refused{service="audit",reason="other_server"} 1
audit_copy_tenants_refused{service="audit"} 2
`;

it('reads what the audit service tells of its copy', () => {
  expect(copyIn(METRICS)).toEqual({
    ...{ copy: 'immudb', entriesBehind: 12, refusedFor: 'other_server', logsRefused: 2 },
  });
  expect(copyIn(METRICS.replace('} 1\n', '} 0\n')).refusedFor).toBeNull();
});

it('says no more than it knows while the service is away, and that there is none where there is no immudb', async () => {
  expect(copyIn('')).toEqual({
    ...{ copy: 'immudb', entriesBehind: null },
    refusedFor: null,
    logsRefused: null,
  });
  expect(await auditCopyStatus({ connection: null, parts: [] })).toMatchObject({ copy: 'SQL ledger alone' });
});
