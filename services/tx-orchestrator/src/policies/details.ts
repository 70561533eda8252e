import {
  type AssetPrice,
  type Conditions,
  type FiatRange,
  formatFiat,
  type Mismatch,
  type PolicyFacts,
  type Rule,
  type TimeOfDay,
} from '@ironforge/tx-core';
import { priceText, worthText } from './explanation.ts';

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
  price: ({ fiatAmount }, facts) => [
    fiatAmount === undefined ? 'a price' : `a ${priceText(fiatAmount)}`,
    agesText(facts.prices.get(fiatAmount?.currency ?? '')),
  ],
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
  window: ({ window }, { amount, spent }, rule) => [
    `at most ${window?.max} in ${window?.hours} hours`,
    `${amount} beside ${spent.get(rule) ?? 'an unknown amount'}`,
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

function agesText(prices: readonly AssetPrice[] = []): string {
  const ages = prices.map(({ source, ageMs }) => `${Math.round(ageMs / 1_000)} s old by ${source}`);
  return ages.join(', ') || 'none that counts';
}

function rangeText(range: { readonly min?: unknown; readonly max?: unknown } | undefined): string {
  const bounds = [
    range?.min !== undefined && `at least ${range.min}`,
    range?.max !== undefined && `at most ${range.max}`,
  ];
  return bounds.filter((bound) => bound !== false).join(' and ');
}

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
