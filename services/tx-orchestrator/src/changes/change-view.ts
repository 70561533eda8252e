import { type ChangeContent, changeContent, stepUp } from '@ironforge/contracts';
import { branded, parseJson, type UserId } from '@ironforge/kernel';
import type { ChangeApprovalRow, ChangeRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import { type ChangeGroup, presentGroups, quorumStatus } from '@ironforge/tx-core';
import { z } from 'zod';
import type { People } from '../asks/people.ts';
import { findChangeApprovals } from '../queries/changes.ts';

/** A change with the decisions about it. */
export interface ChangeView {
  readonly row: ChangeRow;
  readonly approvals: readonly ChangeApprovalRow[];
}

const groupList = z.array(
  z.object({
    name: z.string(),
    required: z.int(),
    role: z.string().nullable(),
    stepUp: stepUp.nullable(),
    approverIds: z.array(z.string().transform((id) => branded<UserId>(id))),
  }),
);

/** Reads the decisions about these changes. */
export async function changeViewsOf(
  tx: Tx,
  tenantId: string,
  rows: readonly ChangeRow[],
): Promise<ChangeView[]> {
  const ids = rows.map(({ id }) => id);
  const approvals = Map.groupBy(await findChangeApprovals(tx, tenantId, ids), (one) => one.change_id);
  return rows.map((row) => ({ row, approvals: approvals.get(row.id) ?? [] }));
}

/** Whom a change needs, as resolved when it was proposed. */
export function changeGroupsOf({ groups }: Pick<ChangeRow, 'groups'>): readonly ChangeGroup[] {
  return groupList.parse(groups);
}

/** What people approve of it. */
export function contentOf({ content }: Pick<ChangeRow, 'content'>): ChangeContent {
  return changeContent.parse(parseJson(content));
}

/** Everybody who may decide about a change. */
export function votersOf(row: Pick<ChangeRow, 'groups'>): UserId[] {
  return [...new Set(changeGroupsOf(row).flatMap(({ approverIds }) => approverIds))];
}

/** Those who approved it. */
export function approvedBy({ approvals }: Pick<ChangeView, 'approvals'>): UserId[] {
  return approvals
    .filter(({ decision }) => decision === 'approve')
    .map(({ approver_id }) => branded<UserId>(approver_id));
}

/** True when these approvals are enough, counting only who has his rights still. */
export function isComplete(
  row: Pick<ChangeRow, 'groups'>,
  approverIds: readonly UserId[],
  people: People,
): boolean {
  const groups = presentGroups(changeGroupsOf(row), people);
  const counting = approverIds.filter((id) => groups.some((group) => group.approverIds.includes(id)));
  return quorumStatus([groups], counting).isMet;
}
