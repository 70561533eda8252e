import type { ChainId } from '@ironforge/kernel';
import { fits, type SpendingWindow } from '../spending/window.ts';
import type { Conditions, Effect, Initiators, PolicyFacts, Rule } from './rule.ts';
import { type FiatRange, freshPrice, isWorth } from './fiat.ts';
import { takenOf } from './measure.ts';
import { isWithinTimeOfDay } from './time-of-day.ts';

/**
 * Why a rule did not match; `data`: the request calls a contract, and the rule names no method; `price`: nobody knows whether
 * it does, since no fresh price is there.
 */
export type Mismatch = (typeof CONDITIONS)[number] | 'fiat_amount' | 'price' | 'window';

/** The decision and its reasons: the rule that matched, and what kept each earlier one from it. */
export type PolicyDecision = {
  readonly effect: Effect;
  /** Null when no rule matched, which denies. */
  readonly rule: string | null;
  readonly skipped: readonly { readonly rule: string; readonly because: readonly Mismatch[] }[];
};

/**
 * The first rule that matches decides; none matching denies, and so does the first of which nobody knows whether it matches:
 * to skip it might be to skip the one rule that stops this.
 */
export function evaluatePolicy(rules: readonly Rule[], facts: PolicyFacts): PolicyDecision {
  const mismatches = rules.map((rule) => ({ rule: rule.name, because: mismatchesOf(rule, facts) }));
  const decisive = mismatches.findIndex(({ because }) => because.length === 0 || isUnpriced(because));
  const [rule, reasons] = [rules[decisive], mismatches[decisive]];
  if (rule === undefined || reasons === undefined)
    return { effect: { type: 'deny' }, rule: null, skipped: mismatches };
  if (reasons.because.length > 0)
    return { effect: { type: 'deny' }, rule: null, skipped: mismatches.slice(0, decisive + 1) };
  return { effect: rule.effect, rule: rule.name, skipped: mismatches.slice(0, decisive) };
}

/** True when a request is denied that some rule would have let through, had its window had room. */
export function isLimitReached({ effect, skipped }: PolicyDecision): boolean {
  return (
    effect.type === 'deny' &&
    skipped.some(({ because: [only, more] }) => only === 'window' && more === undefined)
  );
}

/** A rule whose spending window decides whether it matches. */
export type WindowRule = { readonly rule: string; readonly window: SpendingWindow };

/** The windows that must be looked at, in order: no other condition speaks against them, and no earlier rule matches. */
export function windowsInPlay(rules: readonly Rule[], facts: PolicyFacts): readonly WindowRule[] {
  const open = rules.filter((rule) => mismatchesBeside(rule, facts).every((reason) => reason === 'price'));
  const isDecided = (rule: Rule) =>
    rule.when.window === undefined || mismatchesBeside(rule, facts).length > 0;
  const decided = open.findIndex(isDecided);
  return open
    .slice(0, decided === -1 ? open.length : decided)
    .flatMap(({ name, when: { window } }) => (window === undefined ? [] : [{ rule: name, window }]));
}

/** A window is looked at last: only of a rule that matches otherwise is its figure known. */
function mismatchesOf(rule: Rule, facts: PolicyFacts): readonly Mismatch[] {
  const others = mismatchesBeside(rule, facts);
  const { window } = rule.when;
  if (others.length > 0 || window === undefined) return others;
  const spent = facts.spent.get(rule.name);
  const taken = takenOf(window, facts);
  const isKnown = spent !== undefined && taken !== null;
  return isKnown && fits(window, spent, taken) ? [] : ['window'];
}

/** What an amount is worth is looked at before windows, and only of a rule that matches otherwise: no other needs a price. */
function mismatchesBeside(rule: Rule, facts: PolicyFacts): readonly Mismatch[] {
  const others = mismatchesBesideMoney(rule, facts);
  if (others.length > 0) return others;
  const { fiatAmount, window } = rule.when;
  const worth = fiatAmount === undefined ? null : worthMismatch(fiatAmount, facts);
  if (worth !== null) return [worth];
  return window !== undefined && takenOf(window, facts) === null ? ['price'] : [];
}

function worthMismatch(range: FiatRange, facts: PolicyFacts): Mismatch | null {
  const price = freshPrice(range, facts.prices.get(range.currency) ?? []);
  if (price === undefined) return 'price';
  return isWorth(range, price, facts) ? null : 'fiat_amount';
}

function isUnpriced(because: readonly Mismatch[]): boolean {
  return because.includes('price');
}

function mismatchesBesideMoney(rule: Rule, facts: PolicyFacts): readonly Mismatch[] {
  const { when } = rule;
  const spelled = spellingOn(facts.chainId);
  const holds: Record<(typeof CONDITIONS)[number], boolean> = {
    chain: includes(when.chainIds, facts.chainId),
    wallet: includes(when.walletIds, facts.walletId),
    tag: overlaps(when.walletTags, facts.walletTags),
    asset: includes(when.assetIds?.map(spelled), spelled(facts.assetId)),
    amount: isWithin(when.amount, facts.amount),
    destination: includes(when.destinations?.map(spelled), spelled(facts.to)),
    destination_kind: overlaps(when.destinationKinds, facts.destinationKinds),
    method: includes(when.methods, facts.method),
    time: when.timeOfDay === undefined || isWithinTimeOfDay(when.timeOfDay, facts.submittedAtMs),
    initiator: isInitiator(when.initiators, facts.initiator),
    data: !facts.hasData || when.methods !== undefined || rule.effect.type === 'deny',
  };
  return CONDITIONS.filter((condition) => !holds[condition]);
}

const CONDITIONS = [
  'chain',
  'wallet',
  'tag',
  'asset',
  'amount',
  'destination',
  'destination_kind',
  'method',
  'time',
  'initiator',
  'data',
] as const;

/** A condition that is not named always holds. */
function includes<T>(wanted: readonly T[] | undefined, value: T | null): boolean {
  return wanted === undefined || (value !== null && wanted.includes(value));
}

function overlaps<T>(wanted: readonly T[] | undefined, values: readonly T[]): boolean {
  return wanted === undefined || wanted.some((one) => values.includes(one));
}

function isWithin(range: Conditions['amount'], units: bigint): boolean {
  return units >= (range?.min ?? 0n) && (range?.max === undefined || units <= range.max);
}

function isInitiator(wanted: Initiators | undefined, initiator: PolicyFacts['initiator']): boolean {
  if (wanted === undefined) return true;
  const { userId, roles, apiKeyId } = initiator;
  if (wanted.userIds?.includes(userId)) return true;
  if (wanted.roles?.some((role) => roles.includes(role))) return true;
  return apiKeyId !== null && wanted.apiKeyIds?.includes(apiKeyId) === true;
}

/** The case of an EVM address is a checksum and no part of the name (EIP-55); elsewhere it tells two addresses apart. */
function spellingOn(chainId: ChainId): (text: string) => string {
  return chainId.startsWith('eip155:') ? (text) => text.toLowerCase() : (text) => text;
}
