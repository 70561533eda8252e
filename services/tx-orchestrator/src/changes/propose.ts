import { appError, type ChangeContent, type ChangeReceipt, type ChangeSubject } from '@ironforge/contracts';
import { branded, type TenantId, type UserId } from '@ironforge/kernel';
import type { ChangeRow } from '@ironforge/schema';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { canonicalChange, changeHash, type ChangeGroup, quorumOfChange } from '@ironforge/tx-core';
import type { People } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findChange, insertChange } from '../queries/changes.ts';
import { readNow } from '../queries/now.ts';
import { contentOf } from './change-view.ts';
import { needsQuorum, personOf, subjectIdOf } from './needs-quorum.ts';
import { type RulesInForce, readRulesInForce } from './rules-in-force.ts';
import { isSameWish } from './same-wish.ts';
import { changeMessage } from './tell-change.ts';

/** What somebody wants to change. */
export interface Proposal {
  readonly changeId: string;
  readonly tenantId: TenantId;
  readonly author: { readonly userId: string; readonly apiKeyId: string | null };
  readonly subject: ChangeSubject;
  readonly cause: Cause;
}

type Asked = Proposal & { readonly people: People };

const TIMEOUT_MS = 24 * 3_600_000;

/**
 * Stores a change when others have to approve it; null when nobody has to, and it may be done at once. Throws
 * `idempotency_key_reused` when its id, which is made of the key, stands for another wish.
 */
export async function propose(
  deps: Pick<OrchestratorDeps, 'outbox' | 'events' | 'clock'>,
  tx: Tx,
  proposal: Asked,
): Promise<ChangeReceipt | null> {
  const row = await needed(deps, tx, proposal);
  if (row === null) return null;
  if (!(await insertChange(tx, row))) return await findProposed(tx, proposal);
  const news = { row, event: 'proposed', approverId: null, cause: proposal.cause } as const;
  deps.outbox.add(tx, [changeMessage(deps, news)]);
  return receiptOf(row);
}

/** The change that would be stored when others have to approve it; nothing is. */
export async function tryProposal(
  deps: Pick<OrchestratorDeps, 'clock'>,
  tx: Tx,
  proposal: Asked,
): Promise<ChangeReceipt | null> {
  const row = await needed(deps, tx, proposal);
  return row && receiptOf(row);
}

async function needed(
  { clock }: Pick<OrchestratorDeps, 'clock'>,
  tx: Tx,
  { people, ...proposal }: Asked,
): Promise<ChangeRow | null> {
  const rules = await readRulesInForce(tx, proposal.tenantId);
  if (!needsQuorum(rules, proposal.subject)) return null;
  const groups = quorumOfChange(rules.defaultRules, electorate(people, proposal));
  if (groups.length === 0) return null;
  const expiresAt = new Date((await readNow(tx)).getTime() + TIMEOUT_MS);
  return newChange(proposal, { rules, groups, expiresAt, at: clock() });
}

/** The change that this was proposed as before, if it was. Throws `idempotency_key_reused` when its id stands for another wish. */
export async function findProposed(
  tx: Tx,
  { tenantId, changeId, subject }: Pick<Proposal, 'tenantId' | 'changeId' | 'subject'>,
): Promise<ChangeReceipt | null> {
  const known = await findChange(tx, tenantId, changeId);
  if (known === undefined) return null;
  if (!isSameWish(contentOf(known).subject, subject)) throw appError('idempotency_key_reused');
  return receiptOf(known);
}

function electorate(people: People, { author, subject }: Pick<Proposal, 'author' | 'subject'>) {
  const person = personOf(subject);
  const excluded = [author.userId, ...(person === null ? [] : [person])];
  return {
    holdersOf: (role: string) => (people.holders.get(role) ?? []).map((id) => branded<UserId>(id)),
    excluded: excluded.map((id) => branded<UserId>(id)),
  };
}

interface Terms {
  readonly rules: RulesInForce;
  readonly groups: readonly ChangeGroup[];
  readonly expiresAt: Date;
  readonly at: Date;
}

function newChange(
  { changeId, tenantId, author, subject }: Proposal,
  { rules: { policy }, groups, expiresAt, at }: Terms,
): ChangeRow {
  const content: ChangeContent = {
    version: 1,
    changeId,
    tenantId,
    authorId: author.userId,
    policy,
    expiresAt: expiresAt.toISOString(),
    subject,
  };
  const text = canonicalChange(content);
  return {
    id: changeId,
    tenant_id: tenantId,
    kind: subject.kind,
    subject_id: subjectIdOf(subject),
    content: text,
    change_hash: changeHash(text),
    groups,
    policy_id: policy?.id ?? null,
    policy_version: policy?.version ?? null,
    status: 'pending',
    reason: null,
    author_id: author.userId,
    author_api_key_id: author.apiKeyId,
    version: 1,
    expires_at: expiresAt,
    approved_at: null,
    handed_over_at: null,
    failures: 0,
    passed_over_until: null,
    created_at: at,
    updated_at: at,
  };
}

function receiptOf({ id, change_hash, subject_id }: ChangeRow): ChangeReceipt {
  return { changeId: id, changeHash: change_hash, subjectId: subject_id };
}
