import { methodSelector } from '@ironforge/chain-evm';
import { type PolicyRuleInput, type Role, ROLES } from '@ironforge/contracts';
import {
  type ApiKeyId,
  type AssetId,
  type Brand,
  branded,
  type ChainId,
  parseUnits,
  present,
  type UserId,
  type WalletId,
} from '@ironforge/kernel';
import {
  type Conditions,
  type FiatRange,
  type Group,
  type Initiators,
  parseFiat,
  type Rule,
  type RuleEffect,
  type SpendingWindow,
  type TimeOfDay,
} from '@ironforge/tx-core';

const DEFAULT_TIMEOUT_HOURS = 24;
const DEFAULT_MAX_AGE_SECONDS = 3_600;

type WhenInput = PolicyRuleInput['when'];
type EffectInput = PolicyRuleInput['effect'];
type GroupInput = NonNullable<Extract<EffectInput, { type: 'require_approvals' }>['groups']>[number];

/** The rules of a policy as they decide. */
export function rulesOf(inputs: readonly PolicyRuleInput[]): Rule[] {
  return inputs.map(({ name, when, effect }) => ({
    name,
    when: conditionsOf(when),
    effect: effectOf(effect),
  }));
}

function conditionsOf(when: WhenInput): Conditions {
  return {
    chainIds: ids<ChainId>(when.chainIds),
    walletIds: ids<WalletId>(when.walletIds),
    walletTags: when.walletTags,
    assetIds: ids<AssetId>(when.assetIds),
    amount: when.amount && { min: unitsOf(when.amount.min), max: unitsOf(when.amount.max) },
    fiatAmount: when.fiatAmount && fiatRangeOf(when.fiatAmount),
    destinations: when.destinations,
    destinationKinds: when.destinationKinds,
    methods: when.methods?.map((method) => present(methodSelector(method), 'a method that was read before')),
    timeOfDay: when.timeOfDay && timeOfDayOf(when.timeOfDay),
    initiators: when.initiators && initiatorsOf(when.initiators),
    window: when.window && windowOf(when.window),
  };
}

/** What a rule says about the worth of an amount. */
export function fiatRangeOf({ currency, min, max, maxAgeSeconds }: FiatInput): FiatRange {
  const read = (text: string | undefined) =>
    text === undefined ? undefined : (parseFiat(text) ?? undefined);
  const maxAgeMs = (maxAgeSeconds ?? DEFAULT_MAX_AGE_SECONDS) * 1_000;
  return { currency, min: read(min), max: read(max), maxAgeMs };
}

type FiatInput = NonNullable<WhenInput['fiatAmount']>;

function windowOf(window: NonNullable<WhenInput['window']>): SpendingWindow {
  const { hours } = window;
  if (!('currency' in window)) return { hours, max: present(unitsOf(window.max), 'base units') };
  const { currency, max, maxAgeMs } = fiatRangeOf(window);
  return { hours, max: present(max, 'an amount of a currency'), fiat: { currency, maxAgeMs } };
}

/** The part of a day that a rule names, in minutes since midnight. */
export function timeOfDayOf({
  weekdays,
  from = '00:00',
  to = '24:00',
}: NonNullable<WhenInput['timeOfDay']>): TimeOfDay {
  return { weekdays, fromMinute: minuteOf(from), toMinute: minuteOf(to) };
}

function minuteOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** An id names a user or an API key: it is tried as both, since no two things share one. */
function initiatorsOf(named: NonNullable<WhenInput['initiators']>): Initiators {
  const roles = named.filter(isRole);
  const others = named.filter((name) => !isRole(name));
  return { userIds: ids<UserId>(others), roles, apiKeyIds: ids<ApiKeyId>(others) };
}

function isRole(name: string): name is Role {
  return ROLES.some((role) => role === name);
}

function effectOf(effect: EffectInput): RuleEffect {
  if (effect.type !== 'require_approvals') return { type: effect.type };
  const { timeoutHours = DEFAULT_TIMEOUT_HOURS, rejection = 'ends' } = effect;
  return {
    type: effect.type,
    alternatives: alternativesOf(effect).map((groups) => groups.map(groupOf)),
    timeoutHours,
    rejection,
    stepUp: effect.stepUp,
  };
}

function alternativesOf({
  groups,
  anyOf,
}: Extract<EffectInput, { type: 'require_approvals' }>): GroupInput[][] {
  return anyOf ?? (groups === undefined ? [] : [groups]);
}

function groupOf({ name, approvers, role, required }: GroupInput): Group {
  return { name, approvers: ids<UserId>(approvers), role, required };
}

function ids<B extends Brand<string, string>>(texts: readonly string[] | undefined): B[] | undefined {
  return texts?.map((text) => branded<B>(text));
}

function unitsOf(text: string | undefined): bigint | undefined {
  return text === undefined ? undefined : (parseUnits(text) ?? undefined);
}
