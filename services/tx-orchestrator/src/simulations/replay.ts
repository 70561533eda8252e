import type { UserId } from '@ironforge/kernel';
import { bucketAt, type Ledger, type PolicyFacts, spentAt } from '@ironforge/tx-core';
import type { People } from '../asks/people.ts';
import type { Judgement } from '../policies/judge.ts';
import type { Priced } from '../prices/priced.ts';
import type { PolicyInForce } from '../queries/policies.ts';
import { simulate } from './simulate.ts';

/** A real request as rules saw it, and how it stands now. */
export interface PastRequest {
  readonly transactionId: string;
  readonly facts: PolicyFacts;
  readonly prices: Priced['prices'];
  readonly status: string;
  readonly reason: string | null;
  readonly approverIds: readonly UserId[];
}

/**
 * Tries a policy on past requests, oldest first, as if they were submitted anew one after the other: its windows begin
 * empty, and what a rule lets through takes its amount at its submission, unless people, time or the chain ended it
 * without a payment.
 */
export function replay(policy: PolicyInForce, past: readonly PastRequest[], people: People) {
  const ledgers = new Map<string, Ledger>();
  return past.map((one) => {
    const facts = { ...one.facts, spent: spentOf(policy, ledgers, one.facts.submittedAtMs) };
    const { judgement, shown } = simulate(policy, { ...one, facts }, people);
    const { window } = judgement;
    if (window !== null && takesAmount(one)) take(ledgers, window, facts);
    return shown;
  });
}

function spentOf({ rules }: PolicyInForce, ledgers: ReadonlyMap<string, Ledger>, atMs: number) {
  return new Map(
    rules.flatMap(({ name, when: { window } }) =>
      window === undefined ? [] : [[name, spentAt(ledgers.get(name) ?? EMPTY, window.hours, atMs)] as const],
    ),
  );
}

function take(
  ledgers: Map<string, Ledger>,
  { rule, hours, amount }: NonNullable<Judgement['window']>,
  { submittedAtMs }: PolicyFacts,
): void {
  const { reserved, buckets } = ledgers.get(rule) ?? EMPTY;
  const bucket = bucketAt(hours, submittedAtMs);
  const next = new Map(buckets).set(bucket, (buckets.get(bucket) ?? 0n) + amount);
  ledgers.set(rule, { reserved, buckets: next });
}

const EMPTY: Ledger = { reserved: 0n, buckets: new Map() };

/** What its own policy refused might have been paid under this one; what ended otherwise was not wanted any more. */
function takesAmount({ status, reason }: PastRequest): boolean {
  if (reason === 'policy_denied' || reason === 'no_policy' || reason === 'limit_reached') return true;
  return !['draft', 'rejected', 'expired', 'cancelled', 'failed'].includes(status);
}
