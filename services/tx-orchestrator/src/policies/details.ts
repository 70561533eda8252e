import {
  type AssetPrice,
  type Conditions,
  type FiatRange,
  formatFiat,
  type Mismatch,
  type PolicyFacts,
  type Rule,
  takenOf,
  type TimeOfDay,
} from '@ironforge/tx-core';
import { missingPrices, priceText, worthText } from './explanation.ts';

/** What a rule wanted and what the request had, for one condition that did not hold. */
export interface Detail {
  readonly condition: Mismatch;
  readonly wanted: string;
  readonly given: string;
}

/** Tells, in words, why each of these conditions of a rule did not hold; amounts in base units, times in UTC. */
export function detailsOf(rule: Rule, facts: PolicyFacts, because: readonly Mismatch[]): Detail[] {
  return because.map((condition) => {
    const [wanted, given] = TELL[condition](rule.when, facts, rule.name);
    return { condition, wanted, given };
  });
}

type Tell = (when: Conditions, facts: PolicyFacts, rule: string) => readonly [wanted: string, given: string];

const TELL: Readonly<Record<Mismatch, Tell>> = {
  chain: ({ chainIds }, { chainId }) => [oneOf(chainIds), chainId],
  wallet: ({ walletIds }, { walletId }) => [oneOf(walletIds), walletId],
  tag: ({ walletTags: wanted }, { walletTags }) => [
    `the tag ${oneOf(wanted)}`,
    walletTags.join(', ') || 'no tag',
  ],
  asset: ({ assetIds }, { assetId }) => [oneOf(assetIds), assetId],
  amount: ({ amount }, { amount: given }) => [rangeText(amount), given.toString()],
  fiat_amount: ({ fiatAmount }, facts) => [
    fiatText(fiatAmount),
    (fiatAmount && worthText(fiatAmount, facts)) ?? 'an unknown worth',
  ],
  price: (when, facts) => {
    const missing = missingPrices(when, facts);
    const ages = missing.flatMap(({ currency }) => facts.prices.get(currency) ?? []);
    return [missing.map((one) => `a ${priceText(one)}`).join(' and '), agesText(ages)];
  },
  destination: ({ destinations }, { to }) => [oneOf(destinations), to],
  destination_kind: ({ destinationKinds: wanted }, { destinationKinds }) => [
    oneOf(wanted),
    destinationKinds.join(', ') || 'nothing known',
  ],
  method: ({ methods }, { method }) => [oneOf(methods), method ?? 'no method'],
  time: ({ timeOfDay }, { submittedAtMs }) => [timeText(timeOfDay), momentText(submittedAtMs)],
  initiator: ({ initiators }, { initiator }) => [initiatorsText(initiators), initiatorText(initiator)],
  data: (_, { method }) => [
    'no data, since the rule names no methods',
    `data that calls ${method ?? 'no method'}`,
  ],
  window: ({ window }, facts, rule) => [
    `at most ${inUnit(window, window?.max)} in ${window?.hours} hours`,
    `${inUnit(window, window && takenOf(window, facts))} beside ${inUnit(window, facts.spent.get(rule))}`,
  ],
};

function oneOf(wanted: readonly string[] = []): string {
  return wanted.join(' or ');
}

function fiatText(range: FiatRange | undefined): string {
  const { currency = '', min, max } = range ?? {};
  const text = (bound: bigint | undefined) => (bound === undefined ? undefined : formatFiat(bound));
  return `${rangeText({ min: text(min), max: text(max) })} ${currency}`;
}

/** An amount as a window counts it. */
function inUnit(window: Conditions['window'], amount: bigint | null | undefined): string {
  if (amount === null || amount === undefined) return 'an unknown amount';
  return window?.fiat === undefined ? `${amount}` : `${formatFiat(amount)} ${window.fiat.currency}`;
}

function agesText(prices: readonly AssetPrice[]): string {
  const ages = prices.map(({ source, ageMs }) => `${Math.round(ageMs / 1_000)} s old by ${source}`);
  return ages.join(', ') || 'none that counts';
}

function rangeText(range: Bounds | undefined): string {
  const bounds = [
    range?.min !== undefined && `at least ${range.min}`,
    range?.max !== undefined && `at most ${range.max}`,
  ];
  return bounds.filter((bound) => bound !== false).join(' and ');
}

type Bound = string | bigint | undefined;
type Bounds = { readonly min?: Bound; readonly max?: Bound };

function timeText(time: TimeOfDay | undefined): string {
  if (time === undefined) return 'any time';
  const days = time.weekdays === undefined ? 'every day' : time.weekdays.join(', ');
  return `${days} ${clockText(time.fromMinute)} to ${clockText(time.toMinute)}`;
}

function clockText(minute: number): string {
  const digits = (part: number) => String(part).padStart(2, '0');
  return `${digits(Math.floor(minute / 60))}:${digits(minute % 60)}`;
}

/** With the day of the week, which a date alone does not tell: "Fri, 06 Mar 2026 12:00:00 GMT". */
function momentText(ms: number): string {
  return new Date(ms).toUTCString();
}

function initiatorsText({
  userIds = [],
  roles = [],
  apiKeyIds = [],
}: NonNullable<Conditions['initiators']> = {}): string {
  return oneOf([...new Set<string>([...userIds, ...apiKeyIds, ...roles])]);
}

function initiatorText({ userId, roles, apiKeyId }: PolicyFacts['initiator']): string {
  const key = apiKeyId === null ? '' : ` by the API key ${apiKeyId}`;
  return `${userId}${key}, ${roles.join(', ') || 'no role'}`;
}
