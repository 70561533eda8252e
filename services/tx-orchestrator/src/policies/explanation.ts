import {
  type Conditions,
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

/** Tells a decision so that a person can follow it, with the prices by which amounts were compared. */
export function explanationOf(
  { rule, skipped }: PolicyDecision,
  rules: readonly Rule[],
  facts: PolicyFacts,
): Explanation {
  const earlier = skipped.map(({ rule: name, because }, index) => {
    const when = rules[index]?.when ?? {};
    const why = because.includes('price')
      ? `cannot be decided, so the request is denied: there is no ${missing(when, facts)}`
      : `does not match: ${because.join(', ')}${because.some(isMoney) ? worth(when, facts) : ''}`;
    return { rule: name, matched: false, why };
  });
  if (rule === null) return earlier;
  const why = `every condition holds${worth(rules[skipped.length]?.when ?? {}, facts)}`;
  return [...earlier, { rule, matched: true, why }];
}

type Pricing = Pick<FiatRange, 'currency' | 'maxAgeMs'>;

/** What an amount is worth, and who says so since when; null without a fresh price. */
export function worthText(pricing: Pricing, facts: PolicyFacts): string | null {
  const price = freshPrice(pricing, facts.prices.get(pricing.currency) ?? []);
  if (price === undefined) return null;
  const { currency } = pricing;
  const at = new Date(price.observedAtMs).toISOString();
  const each = `${formatFiat(price.price)} ${currency} by ${price.source} of ${at}`;
  return `${formatFiat(worthOf(price, facts))} ${currency} at ${each}`;
}

/** The price that a rule cannot do without. */
export function priceText({ currency, maxAgeMs }: Pricing): string {
  return `price in ${currency} that is at most ${maxAgeMs / 1_000} s old`;
}

/** The prices that a rule cannot do without, and that are not there. */
export function missingPrices(when: Conditions, facts: PolicyFacts): readonly Pricing[] {
  return pricingsOf(when).filter((one) => worthText(one, facts) === null);
}

function pricingsOf({ fiatAmount, window }: Conditions): readonly Pricing[] {
  return [fiatAmount, window?.fiat].filter((one) => one !== undefined);
}

function isMoney(condition: string): boolean {
  return condition === 'fiat_amount' || condition === 'window';
}

/** A rule may name an amount and a window in one currency, each with an age of its own: then one text is enough. */
function worth(when: Conditions, facts: PolicyFacts): string {
  const texts = new Set(pricingsOf(when).map((one) => worthText(one, facts)));
  return texts.size === 0 ? '' : ` (worth ${[...texts].join(', ')})`;
}

function missing(when: Conditions, facts: PolicyFacts): string {
  return missingPrices(when, facts).map(priceText).join(' and no ');
}
