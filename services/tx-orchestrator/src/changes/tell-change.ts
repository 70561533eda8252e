import { changeKind, changeReason, changeStatus } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { ChangeRow } from '@ironforge/schema';
import type { Cause, EventMessage } from '@ironforge/service-kit';
import type { ChangeEvent } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { versionOf } from '../requests/decided-by.ts';

/** A step of a change, and who took it. */
export interface ChangeNews {
  readonly row: ChangeRow;
  readonly event: ChangeEvent | 'proposed';
  readonly approverId: string | null;
  readonly cause: Cause;
}

/** The message of one step, with the change as it stands after it. */
export function changeMessage(
  { events }: Pick<OrchestratorDeps, 'events'>,
  { row, event, approverId, cause }: ChangeNews,
): EventMessage {
  const change = {
    id: row.id,
    kind: changeKind.parse(row.kind),
    subjectId: row.subject_id,
    changeHash: row.change_hash,
    status: changeStatus.parse(row.status),
    reason: changeReason.nullable().parse(row.reason),
    authorId: row.author_id,
    version: row.version,
  };
  const place = { tenantId: branded<TenantId>(row.tenant_id), subject: row.id, version: row.version };
  const by = { ...cause, policy: versionOf(row.policy_id, row.policy_version) };
  return events.event(`change.${event}`, { ...place, cause: by, data: { change, approverId } });
}
