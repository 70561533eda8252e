import {
  type FiatRange,
  formatFiat,
  freshPrice,
  type PolicyDecision,
  type PolicyFacts,
  type Rule,
  worthOf,
} from '@ironforge/tx-core';

/** For each rule up to the one that decided: whether it matched, and why. */
export type Explanation = readonly {
  readonly rule: string;
  readonly matched: boolean;
  readonly why: string;
}[];

/** Tells a decision so that a person can follow it, with the prices by which fiat amounts were compared. */
export function explanationOf(
  { rule, skipped }: PolicyDecision,
  rules: readonly Rule[],
  facts: PolicyFacts,
): Explanation {
  const earlier = skipped.map(({ rule: name, because }, index) => {
    const why = because.includes('price')
      ? `cannot be decided, so the request is denied: there is no ${wantedPrice(rules[index])}`
      : `does not match: ${because.join(', ')}`;
    return {
      rule: name,
      matched: false,
      why: why + (because.includes('fiat_amount') ? worth(rules[index], facts) : ''),
    };
  });
  if (rule === null) return earlier;
  const why = `every condition holds${worth(rules[skipped.length], facts)}`;
  return [...earlier, { rule, matched: true, why }];
}

/** What an amount is worth, and who says so since when; null without a fresh price. */
export function worthText(range: FiatRange, facts: PolicyFacts): string | null {
  const price = freshPrice(range, facts.prices.get(range.currency) ?? []);
  if (price === undefined) return null;
  const { currency } = range;
  const at = new Date(price.observedAtMs).toISOString();
  return `${formatFiat(worthOf(price, facts))} ${currency} at ${formatFiat(price.price)} ${currency} by ${price.source} of ${at}`;
}

/** The price that a rule cannot do without. */
export function priceText({ currency, maxAgeMs }: FiatRange): string {
  return `price in ${currency} that is at most ${maxAgeMs / 1_000} s old`;
}

function worth(rule: Rule | undefined, facts: PolicyFacts): string {
  const range = rule?.when.fiatAmount;
  return range === undefined ? '' : ` (worth ${worthText(range, facts)})`;
}

function wantedPrice(rule: Rule | undefined): string {
  return rule?.when.fiatAmount === undefined ? 'price' : priceText(rule.when.fiatAmount);
}
