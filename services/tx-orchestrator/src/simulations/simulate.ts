import { evaluatePolicy, type PolicyFacts, quorumStatus, type ResolvedGroup } from '@ironforge/tx-core';
import type { UserId } from '@ironforge/kernel';
import type { People } from '../asks/people.ts';
import { detailsOf } from '../policies/details.ts';
import { type Judgement, judge } from '../policies/judge.ts';
import { rulesOf } from '../policies/rules.ts';
import type { Priced } from '../prices/priced.ts';
import type { PolicyInForce } from '../queries/policies.ts';

/** A request that rules are tried on: a real one with the approvals that it was given, or a made-up one. */
export interface Subject {
  readonly transactionId: string | null;
  readonly facts: PolicyFacts;
  readonly prices: Priced['prices'];
  readonly approverIds: readonly UserId[];
}

/** What the rules say about a request, and in words why. Nothing is stored. */
export function simulate(policy: PolicyInForce, subject: Subject, people: People) {
  const judgement = judge(policy, subject, people);
  return { judgement, shown: show(policy, subject, judgement) };
}

function show(policy: PolicyInForce, { transactionId, facts, approverIds }: Subject, judgement: Judgement) {
  const { verdict, rule, alternatives } = judgement;
  return {
    transactionId,
    at: new Date(facts.submittedAtMs).toISOString(),
    effect: verdict.effect,
    rule,
    explanation: explain(policy, facts, judgement),
    prices: [...judgement.prices],
    required: quorumStatus(alternatives, approverIds).groups,
    alternatives: alternatives.map((groups) => groups.map(showGroup)),
  };
}

/** The rules up to the one that decides are the first ones, in order. */
function explain(policy: PolicyInForce, facts: PolicyFacts, { explanation }: Judgement) {
  const rules = rulesOf(policy.rules);
  const { skipped } = evaluatePolicy(rules, facts);
  return explanation.map((line, index) => {
    const rule = rules[index];
    const because = skipped[index]?.because ?? [];
    return { ...line, details: rule === undefined ? [] : detailsOf(rule, facts, because) };
  });
}

function showGroup({ name, required, approverIds }: ResolvedGroup) {
  return { group: name, required, approverIds };
}
