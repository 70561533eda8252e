import { type ChangeGroup, quorumStatus } from '@ironforge/tx-core';
import { showProof } from '../requests/show-request.ts';
import { approvedBy, changeGroupsOf, type ChangeView, contentOf } from './change-view.ts';

/** A change as the API shows it. */
export function showChange(view: ChangeView) {
  const { row, approvals } = view;
  return {
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    content: contentOf(row),
    changeHash: row.change_hash,
    status: row.status,
    reason: row.reason,
    authorId: row.author_id,
    approvals: approvals.map(({ approver_id: userId, decision, comment, ...one }) => ({
      userId,
      decision,
      comment,
      ...showProof(one),
      at: one.created_at.toISOString(),
    })),
    required: requiredOf(view),
    expiresAt: row.expires_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    version: row.version,
  };
}

function requiredOf(view: ChangeView) {
  const groups = changeGroupsOf(view.row);
  const { groups: standing } = quorumStatus([groups], approvedBy(view));
  return standing.map((one, index) => ({ ...one, ...whoAndHow(groups[index]) }));
}

function whoAndHow(group: ChangeGroup | undefined) {
  return { approverIds: group?.approverIds ?? [], stepUp: group?.stepUp ?? null };
}
