import { branded, type UserId } from '@ironforge/kernel';
import type { ApprovalRow, ApproverGroupRow, TxAttemptRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import {
  type Attempt,
  countingApprovers,
  presentGroups,
  type QuorumStatus,
  quorumStatus,
  type ResolvedGroup,
} from '@ironforge/tx-core';
import type { People } from '../asks/people.ts';
import { findApprovals, findGroups } from '../queries/approvals.ts';
import { findGapHolders, type GapHolder } from '../queries/gap-holders.ts';
import { findHead, findHeadOf } from '../queries/chain-cursors.ts';
import { findAttempts } from '../queries/tx-attempts.ts';
import type { RequestRow } from '../queries/tx-requests.ts';

/** A request with all that is shown of it. */
export interface RequestView {
  readonly row: RequestRow;
  readonly approvals: readonly ApprovalRow[];
  readonly groups: readonly ApproverGroupRow[];
  readonly attempts: readonly TxAttemptRow[];
  /** Who is to sign first, when the request is queued behind a gap. */
  readonly gap: GapHolder | null;
  /** Height of the chain; null when no block was read yet. */
  readonly head: number | null;
}

/** Reads what belongs to these requests: one statement for each kind, however many there are, in one round trip. */
export async function viewsOf(tx: Tx, tenantId: string, rows: readonly RequestRow[]): Promise<RequestView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [parts, heads, gaps] = await Promise.all([
    partsOf(tx, tenantId, ids),
    headsOf(tx, rows),
    gapsBelow(tx, tenantId, rows),
  ]);
  return rows.map((row) => ({
    row,
    ...parts(row.id),
    gap: firstGap(gaps, row),
    head: heads.get(row.chain_id) ?? null,
  }));
}

/** A request without what is only shown: the chain's height and the gap below. */
export type BareView = Omit<RequestView, 'gap' | 'head'>;

interface Place {
  readonly tenantId: string;
  readonly id: string;
}

/** One request with all that is shown of it; what belongs to it is read in the round trip of its row, which the caller began. */
export async function viewWith(tx: Tx, place: Place, reading: Promise<RequestRow>): Promise<RequestView> {
  const view = await bareViewWith(tx, place, reading);
  const { row } = view;
  const [heads, gaps] = await Promise.all([headsOf(tx, [row]), gapsBelow(tx, place.tenantId, [row])]);
  return { ...view, gap: firstGap(gaps, row), head: heads.get(row.chain_id) ?? null };
}

/** The same in one round trip: height and gaps are asked for before it is known whether they are shown. */
export async function viewAtOnce(tx: Tx, place: Place, reading: Promise<RequestRow>): Promise<RequestView> {
  const [view, head, gaps] = await Promise.all([
    bareViewWith(tx, place, reading),
    findHeadOf(tx, place),
    findGapHolders(tx, place.tenantId, [place.id]),
  ]);
  return { ...view, head, gap: firstGap(gaps, view.row) };
}

/** The same without the chain's height and the gap below: one round trip. */
export async function bareViewWith(
  tx: Tx,
  { tenantId, id }: Place,
  reading: Promise<RequestRow>,
): Promise<BareView> {
  const [row, parts] = await Promise.all([reading, partsOf(tx, tenantId, [id])]);
  return { row, ...parts(id) };
}

/** A request that nobody has decided on, and that no nonce is bound to. */
export function freshView(row: RequestRow, groups: readonly ApproverGroupRow[]): RequestView {
  return { row, approvals: [], groups, attempts: [], gap: null, head: null };
}

/** A request as it is shown after a decision that was just stored, without reading it again. */
export function viewAfter(view: RequestView, row: RequestRow, approval: ApprovalRow): RequestView {
  return { ...view, row, approvals: [...view.approvals, approval], attempts: attemptsNow(view, row) };
}

/** The same after a signature: what changed of its attempt, and who is to sign before it. */
export function viewOfSigned(view: RequestView, row: RequestRow, { attempt, gap }: Signed): RequestView {
  const attempts = attemptsNow(view, row).map((one) =>
    one.id === attempt.id ? { ...one, ...attempt } : one,
  );
  return { ...view, row, attempts, gap };
}

interface Signed {
  readonly attempt: Pick<TxAttemptRow, 'id'> & Partial<TxAttemptRow>;
  readonly gap: GapHolder | null;
}

/** Of what is shown of an attempt, a transition changes its state and its hash. */
function attemptsNow({ attempts }: RequestView, { state }: RequestRow): readonly TxAttemptRow[] {
  const now = new Map<string, Attempt>(state.attempts.map((attempt) => [attempt.id, attempt]));
  return attempts.map((one) => {
    const { state: after, txHash } = now.get(one.id) ?? { state: one.state, txHash: one.tx_hash };
    return { ...one, state: after, tx_hash: txHash };
  });
}

type Parts = Pick<RequestView, 'approvals' | 'groups' | 'attempts'>;

async function partsOf(tx: Tx, tenantId: string, ids: readonly string[]): Promise<(id: string) => Parts> {
  const [approvals, groups, attempts] = await Promise.all([
    findApprovals(tx, tenantId, ids),
    findGroups(tx, tenantId, ids),
    findAttempts(tx, tenantId, ids),
  ]);
  const byRequest = <T extends { readonly tx_request_id: string }>(all: readonly T[]) => {
    const grouped = Map.groupBy(all, (one) => one.tx_request_id);
    return (id: string): readonly T[] => grouped.get(id) ?? [];
  };
  const [approvalsOf, groupsOf, attemptsOf] = [byRequest(approvals), byRequest(groups), byRequest(attempts)];
  return (id) => ({ approvals: approvalsOf(id), groups: groupsOf(id), attempts: attemptsOf(id) });
}

/** One request with all that is shown of it. */
export async function viewOf(tx: Tx, row: RequestRow): Promise<RequestView> {
  const [view] = await viewsOf(tx, row.tenant_id, [row]);
  if (view === undefined) throw new Error('one row gives one view');
  return view;
}

/** The groups that must approve an intent, alternative by alternative; none when its rule asked nobody. */
export function alternativesOf(
  { groups }: Pick<RequestView, 'groups'>,
  intentHash: string,
): readonly (readonly ResolvedGroup[])[] {
  const own = groups.filter((group) => group.intent_hash === intentHash);
  const byAlternative = Map.groupBy(own, ({ alternative }) => alternative);
  return [...byAlternative.values()].map((all) => all.map(groupOf));
}

/** The same, with those alone who count at this moment. */
export function presentAlternativesOf(
  view: Pick<RequestView, 'groups'>,
  intentHash: string,
  people: Pick<People, 'approverIds' | 'rolesOf'>,
): readonly (readonly ResolvedGroup[])[] {
  return alternativesOf(view, intentHash).map((groups) => presentGroups(groups, people));
}

/** Those who approved an intent, initiators left out; with `countingIds`, only who counts still. */
export function approversOf(
  view: Pick<RequestView, 'row' | 'approvals' | 'attempts'>,
  intentHash: string,
  countingIds?: ReadonlySet<UserId>,
): readonly UserId[] {
  const given = view.approvals
    .filter(({ intent_hash, decision }) => intent_hash === intentHash && decision === 'approve')
    .map(({ approver_id }) => branded<UserId>(approver_id));
  return countingApprovers(given, initiatorsOf(view, intentHash), countingIds ?? new Set(given));
}

/** Which intent people approved so that an attempt may be signed: its own where they were asked, else the request's. */
export function approvedHashOf({ row, groups }: RequestView, attemptHash: string): string {
  return groups.some(({ intent_hash }) => intent_hash === attemptHash) ? attemptHash : row.intent_hash;
}

/** How the quorum over an intent stands, as far as this service knows by itself. */
export function quorumOf(view: RequestView, intentHash: string): QuorumStatus {
  return quorumStatus(alternativesOf(view, intentHash), approversOf(view, intentHash));
}

/**
 * Who may not approve an intent: the creator and the submitter of the request, also behind their API keys, and who asked
 * for the replacement that it belongs to.
 */
export function initiatorsOf({ row, attempts }: Initiated, intentHash: string): readonly UserId[] {
  const own = intentHash === row.intent_hash ? [] : attempts;
  const askers = own.filter(({ intent_hash }) => intent_hash === intentHash);
  const ids = [row.user_id, row.submitted_by, ...askers.map(({ requested_by }) => requested_by)];
  return ids.filter((id) => id !== null).map((id) => branded<UserId>(id));
}

type Initiated = Pick<RequestView, 'row' | 'attempts'>;

async function headsOf(tx: Tx, rows: readonly RequestRow[]): Promise<ReadonlyMap<string, number>> {
  const chains = [
    ...new Set(rows.filter(({ block_height }) => block_height !== null).map((row) => row.chain_id)),
  ];
  return new Map(
    await Promise.all(chains.map(async (chainId) => [chainId, (await findHead(tx, chainId)) ?? 0] as const)),
  );
}

type Gaps = Awaited<ReturnType<typeof findGapHolders>>;

/** Who is to sign before each request that is queued behind somebody; nothing is asked when none is. */
async function gapsBelow(tx: Tx, tenantId: string, rows: readonly RequestRow[]): Promise<Gaps> {
  const queued = rows.filter(({ reason }) => reason === 'queued_behind').map(({ id }) => id);
  return queued.length === 0 ? new Map() : await findGapHolders(tx, tenantId, queued);
}

function firstGap(gaps: Gaps, { id, reason }: RequestRow): GapHolder | null {
  return reason === 'queued_behind' ? (gaps.get(id) ?? null) : null;
}

function groupOf({ name, required, approver_ids, role }: ApproverGroupRow): ResolvedGroup {
  return { name, required, approverIds: approver_ids.map((id) => branded<UserId>(id)), role };
}
