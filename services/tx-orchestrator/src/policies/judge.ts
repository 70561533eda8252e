import type { RecordedPrice, RejectionEffect, StepUp } from '@ironforge/contracts';
import { branded, present, type UserId } from '@ironforge/kernel';
import {
  evaluatePolicy,
  type Group,
  isLimitReached,
  type PolicyDecision,
  type PolicyFacts,
  type PolicyVerdict,
  type ResolvedGroup,
  type Rule,
  takenOf,
  unitOf,
} from '@ironforge/tx-core';
import type { Destination } from '../asks/destination.ts';
import type { People } from '../asks/people.ts';
import type { Priced } from '../prices/priced.ts';
import type { PolicyInForce } from '../queries/policies.ts';
import type { WindowKey } from '../queries/spending-windows.ts';
import { type Explanation, explanationOf } from './explanation.ts';
import { rulesOf } from './rules.ts';

/** What a policy says about a request, with the people of the groups that must approve. */
export interface Judgement {
  readonly verdict: PolicyVerdict;
  readonly alternatives: readonly (readonly ResolvedGroup[])[];
  /** What each approval has to be proved by, beside a session. */
  readonly stepUp: StepUp | null;
  /** What one rejection does. */
  readonly rejection: RejectionEffect;
  readonly policyId: string | null;
  readonly policyVersion: number | null;
  readonly rule: string | null;
  readonly explanation: Explanation;
  /** What rules over fiat amounts were tried by. */
  readonly prices: readonly RecordedPrice[];
  /** The window of the rule that matched, in which the amount is to be reserved, in the unit of the window. */
  readonly window: (Omit<WindowKey, 'tenantId'> & { readonly amount: bigint }) | null;
}

/** Judges a request by the policy in force; without one it is denied. */
export function judge(
  policy: PolicyInForce | undefined,
  { facts, prices }: Priced,
  people: People,
): Judgement {
  if (policy === undefined) return NO_POLICY;
  const rules = rulesOf(policy.rules);
  const decision = evaluatePolicy(rules, facts);
  const { effect, rule } = decision;
  const pinned = {
    policyId: policy.id,
    policyVersion: policy.version,
    stepUp: effect.type === 'require_approvals' ? (effect.stepUp ?? null) : null,
    rejection: effect.type === 'require_approvals' ? effect.rejection : ENDS,
    rule,
    explanation: explanationOf(decision, rules, facts),
    prices,
    window: rule === null ? null : windowOf(policy, rules[decision.skipped.length], facts),
  };
  if (effect.type === 'allow') return { verdict: { effect: 'allow' }, alternatives: [], ...pinned };
  if (effect.type === 'deny') return { verdict: denied(decision), alternatives: [], ...pinned };
  const timeoutMs = effect.timeoutHours * MS_PER_HOUR;
  const alternatives = effect.alternatives.map((groups) => groups.map((group) => resolved(group, people)));
  return { verdict: { effect: 'require_approvals', timeoutMs }, alternatives, ...pinned };
}

const MS_PER_HOUR = 3_600_000;
const ENDS: RejectionEffect = 'ends';
const BY_NO_RULE = {
  alternatives: [],
  stepUp: null,
  rejection: ENDS,
  policyId: null,
  policyVersion: null,
  rule: null,
  explanation: [],
  prices: [],
  window: null,
};
/** What needs nobody: a task of the system that moves nothing. */
export const ALLOWED: Judgement = { verdict: { effect: 'allow' }, ...BY_NO_RULE };
const NO_POLICY: Judgement = { verdict: { effect: 'deny', reason: 'no_policy' }, ...BY_NO_RULE };

/** Addresses that nobody may pay refuse a request before any rule is looked at; the reasons of a source stay with it. */
export function screenedOut({ hits }: Destination): Judgement {
  const explanation = hits.map(({ address, source }) => ({
    rule: 'address screening',
    matched: true,
    why: `${address} is blocked by the ${SOURCES[source]}`,
  }));
  return { ...BY_NO_RULE, verdict: { effect: 'deny', reason: 'screening_denied' }, explanation };
}

const SOURCES = {
  tenant: 'list of the tenant',
  installation: 'list of the installation',
  provider: 'screening service',
};

function denied(decision: PolicyDecision): PolicyVerdict {
  return { effect: 'deny', reason: isLimitReached(decision) ? 'limit_reached' : 'policy_denied' };
}

function windowOf({ id }: PolicyInForce, matched: Rule | undefined, facts: PolicyFacts) {
  const window = matched?.when.window;
  if (matched === undefined || window === undefined) return null;
  const amount = present(takenOf(window, facts), 'what a matched window takes');
  const key = { policyId: id, rule: matched.name, assetId: unitOf(window, facts), hours: window.hours };
  return { ...key, amount };
}

/** Roles become people here: who gets the role later does not approve this request, nor does who loses it. */
function resolved({ name, required, approvers, role }: Group, people: People): ResolvedGroup {
  const ids = approvers ?? (people.holders.get(role ?? '') ?? []).map((id) => branded<UserId>(id));
  return { name, required, approverIds: ids, role: role ?? null };
}
