import { branded, type UserId } from '@ironforge/kernel';
import type { ApprovalRow, ApproverGroupRow, TxAttemptRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import { countingApprovers, type QuorumStatus, quorumStatus, type ResolvedGroup } from '@ironforge/tx-core';
import { findApprovals, findGroups } from '../queries/approvals.ts';
import { findHead } from '../queries/chain-cursors.ts';
import { findAttempts } from '../queries/tx-attempts.ts';
import type { RequestRow } from '../queries/tx-requests.ts';

/** A request with all that is shown of it. */
export interface RequestView {
  readonly row: RequestRow;
  readonly approvals: readonly ApprovalRow[];
  readonly groups: readonly ApproverGroupRow[];
  readonly attempts: readonly TxAttemptRow[];
  /** Height of the chain; null when no block was read yet. */
  readonly head: number | null;
}

/** Reads what belongs to these requests: one statement for each kind, however many there are. */
export async function viewsOf(tx: Tx, tenantId: string, rows: readonly RequestRow[]): Promise<RequestView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const approvals = Map.groupBy(await findApprovals(tx, tenantId, ids), (one) => one.tx_request_id);
  const groups = Map.groupBy(await findGroups(tx, tenantId, ids), (one) => one.tx_request_id);
  const attempts = Map.groupBy(await findAttempts(tx, tenantId, ids), (one) => one.tx_request_id);
  const heads = await headsOf(tx, rows);
  return rows.map((row) => ({
    row,
    approvals: approvals.get(row.id) ?? [],
    groups: groups.get(row.id) ?? [],
    attempts: attempts.get(row.id) ?? [],
    head: heads.get(row.chain_id) ?? null,
  }));
}

/** One request with all that is shown of it. */
export async function viewOf(tx: Tx, row: RequestRow): Promise<RequestView> {
  const [view] = await viewsOf(tx, row.tenant_id, [row]);
  if (view === undefined) throw new Error('one row gives one view');
  return view;
}

/** The groups that must approve, alternative by alternative. */
export function alternativesOf(groups: readonly ApproverGroupRow[]): readonly (readonly ResolvedGroup[])[] {
  const byAlternative = Map.groupBy(groups, ({ alternative }) => alternative);
  return [...byAlternative.values()].map((all) => all.map(groupOf));
}

/** Those who approved this intent, initiators left out; with `countingIds`, only who counts still. */
export function approversOf(
  { row, approvals }: Pick<RequestView, 'row' | 'approvals'>,
  countingIds?: ReadonlySet<UserId>,
): readonly UserId[] {
  const given = approvals
    .filter(({ intent_hash, decision }) => intent_hash === row.intent_hash && decision === 'approve')
    .map(({ approver_id }) => branded<UserId>(approver_id));
  return countingApprovers(given, initiatorsOf(row), countingIds ?? new Set(given));
}

/** How the quorum stands, as far as this service knows by itself. */
export function quorumOf(view: RequestView): QuorumStatus {
  return quorumStatus(alternativesOf(view.groups), approversOf(view));
}

/** Who may not approve: the creator and the submitter, also behind their API keys. */
export function initiatorsOf({ user_id, submitted_by }: RequestRow): readonly UserId[] {
  return [user_id, submitted_by].filter((id) => id !== null).map((id) => branded<UserId>(id));
}

async function headsOf(tx: Tx, rows: readonly RequestRow[]): Promise<ReadonlyMap<string, number>> {
  const chains = [
    ...new Set(rows.filter(({ block_height }) => block_height !== null).map((row) => row.chain_id)),
  ];
  const heads = new Map<string, number>();
  for (const chainId of chains) heads.set(chainId, (await findHead(tx, chainId)) ?? 0);
  return heads;
}

function groupOf({ name, required, approver_ids }: ApproverGroupRow): ResolvedGroup {
  return { name, required, approverIds: approver_ids.map((id) => branded<UserId>(id)) };
}
