import type { Tx } from '@ironforge/store';
import { type CommandOf, type PolicyFacts, quorumStatus } from '@ironforge/tx-core';
import type { People } from '../asks/people.ts';
import type { Destination } from '../asks/destination.ts';
import type { Wallet } from '../asks/wallet.ts';
import { judge } from '../policies/judge.ts';
import { pushedPrices } from '../prices/price-source.ts';
import { type Priced, priced } from '../prices/priced.ts';
import { readSpent } from '../policies/spending.ts';
import type { PolicyInForce } from '../queries/policies.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { type Circumstances, type Initiator, policyFacts } from './submission.ts';
import { approversOf, presentAlternativesOf, type RequestView } from './view.ts';

/** What is known at the moment when somebody is about to sign. */
export interface Present {
  readonly view: RequestView;
  /** What is about to be signed for: the request's own intent, or that of a replacement above its ceiling. */
  readonly intentHash: string;
  readonly policy: PolicyInForce | undefined;
  readonly facts: PolicyFacts;
  readonly prices: Priced['prices'];
  readonly people: People;
  readonly destination: Destination;
}

/** What the others said just before. */
export interface Heard {
  readonly wallet: Wallet;
  readonly people: People;
  readonly destination: Destination;
}

const DEFAULT_TIMEOUT_MS = 86_400_000;

/** By which facts, and by which rules in force, a request that was submitted before is judged now. */
export async function presentOf(
  tx: Tx,
  { view, intentHash, policy }: Pick<Present, 'view' | 'intentHash' | 'policy'>,
  { wallet, people, destination }: Heard,
): Promise<Present> {
  const { row } = view;
  const bare = factsOfRequest(row, people, { walletTags: wallet.tags, destinationKinds: destination.kinds });
  const { facts, prices } = await pricedNow(tx, { row, policy, atMs: row.now.getTime() }, bare);
  const own = { tenantId: row.tenant_id, policy, atMs: row.now.getTime(), exceptRequestId: row.id };
  return { view, intentHash, policy, facts: await readSpent(tx, own, facts), prices, people, destination };
}

/**
 * What takes an approval back before a payload or a signature: screening and a deny of the policy now in force always win, and
 * approvers who were removed or suspended, or lost the role of their group, no longer count. Null when it holds, and for a gap fill, which moves nothing.
 */
export function recheck(present: Present): CommandOf<'deny' | 'loseQuorum'> | null {
  const { view, intentHash, policy, facts, prices, people, destination } = present;
  if (view.row.gap_nonce !== null) return null;
  if (destination.hits.length > 0) return { type: 'deny', reason: 'screening_denied' };
  const { verdict } = judge(policy, { facts, prices }, people);
  if (verdict.effect === 'deny') return { type: 'deny', reason: verdict.reason };
  const alternatives = presentAlternativesOf(view, intentHash, people);
  if (alternatives.length === 0) return null;
  const { isMet } = quorumStatus(alternatives, approversOf(view, intentHash, people.approverIds));
  const timeoutMs = verdict.effect === 'require_approvals' ? verdict.timeoutMs : DEFAULT_TIMEOUT_MS;
  return isMet ? null : { type: 'loseQuorum', timeoutMs };
}

/**
 * The facts of a stored request with prices: those of its submission first, so that neither a price that moved nor a feed that
 * is silent takes back what was approved; what stands at that moment only where rules ask for what was not recorded.
 */
export async function pricedNow(
  tx: Tx,
  {
    row,
    policy,
    atMs,
  }: { readonly row: RequestRow; readonly policy: PolicyInForce | undefined; readonly atMs: number },
  facts: PolicyFacts,
): Promise<Priced> {
  const { tenant_id: tenantId, policy_prices: recorded } = row;
  const scope = { tenantId, policy, initiatorIds: initiatorIdsOf(row), atMs, recorded };
  return await priced(pushedPrices(tx), scope, facts);
}

/** Who started a request. */
export function initiatorIdsOf({ user_id, submitted_by }: RequestRow): string[] {
  return [user_id, submitted_by].filter((id) => id !== null);
}

/** Those whom identity is asked about before: who started it, and all who may approve, since more may do so meanwhile. */
export function peopleBehind({ row, groups }: Pick<RequestView, 'row' | 'groups'>): string[] {
  return [...initiatorIdsOf(row), ...groups.flatMap(({ approver_ids }) => approver_ids)];
}

/** A stored request as rules look at it, with the roles of this moment. */
export function factsOfRequest(
  row: RequestRow,
  people: People,
  known: Pick<Circumstances, 'walletTags' | 'destinationKinds'>,
): PolicyFacts {
  const submittedAt = row.submitted_at ?? row.created_at;
  const { decimals } = row;
  return policyFacts(row.intent, { initiator: initiatorOf(row, people), ...known, decimals, submittedAt });
}

function initiatorOf(row: RequestRow, people: People): Initiator {
  const userId = row.submitted_by ?? row.user_id;
  return { userId, apiKeyId: row.submitted_by_api_key_id, roles: people.rolesOf.get(userId) ?? [] };
}
