import { httpAnswer } from '../parts/http-answer.ts';
import type { State } from '../supervisor/state-file.ts';

/** Where the second copy of the audit log is, and how far behind; null is what the audit service does not tell now. */
export interface AuditCopyStatus {
  readonly copy: 'immudb' | 'SQL ledger alone';
  readonly entriesBehind: number | null;
  /** Why nothing is copied; null while what immudb answers is believed. */
  readonly refusedFor: string | null;
  /** So many tenants' logs are not copied, for a reason of their own; null is what is not told. */
  readonly logsRefused: number | null;
}

/** The second copy of the running installation. */
export async function auditCopyStatus({
  connection,
  parts,
}: Pick<State, 'connection' | 'parts'>): Promise<AuditCopyStatus> {
  if ((connection?.immudb ?? null) === null)
    return { copy: 'SQL ledger alone', entriesBehind: null, refusedFor: null, logsRefused: null };
  const audit = parts.find(({ name }) => name === 'audit');
  const metrics = audit === undefined ? '' : await httpAnswer(`${audit.url}/metrics`).catch(() => '');
  return copyIn(metrics);
}

/** What the metrics of the audit service, in the text form of Prometheus, tell of a copy in immudb. */
export function copyIn(metrics: string): AuditCopyStatus {
  const refusedFor = /^audit_copy_refused\{[^}]*reason="(\w+)"[^}]*\} 1$/m.exec(metrics)?.[1];
  return {
    copy: 'immudb',
    entriesBehind: countOf('audit_copy_entries_behind', metrics),
    refusedFor: refusedFor ?? null,
    logsRefused: countOf('audit_copy_tenants_refused', metrics),
  };
}

function countOf(metric: string, metrics: string): number | null {
  const count = new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\d+)$`, 'm').exec(metrics)?.[1];
  return count === undefined ? null : Number(count);
}
