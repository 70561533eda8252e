import { parseAddress } from '@ironforge/chain-evm';
import { type PolicyRuleInput, type Role, ROLES, rolesWith } from '@ironforge/contracts';
import {
  type ApiKeyId,
  type AssetId,
  type Brand,
  branded,
  type ChainId,
  type ErrorItem,
  parseUnits,
  type UserId,
  type WalletId,
} from '@ironforge/kernel';
import type { Conditions, Group, Initiators, Rule, RuleEffect } from '@ironforge/tx-core';

const DEFAULT_TIMEOUT_HOURS = 24;

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

/** What the shape of rules alone does not show; empty when they can be taken. */
export function ruleProblems(inputs: readonly PolicyRuleInput[]): ErrorItem[] {
  return inputs.flatMap(({ when, effect }, index) => [
    ...amountProblems(when, `/rules/${index}/when`),
    ...destinationProblems(when, `/rules/${index}/when/destinations`),
    ...effectProblems(effect, `/rules/${index}/effect`),
  ]);
}

function conditionsOf(when: WhenInput): Conditions {
  return {
    chainIds: ids<ChainId>(when.chainIds),
    walletIds: ids<WalletId>(when.walletIds),
    assetIds: ids<AssetId>(when.assetIds),
    amount: when.amount && { min: unitsOf(when.amount.min), max: unitsOf(when.amount.max) },
    destinations: when.destinations,
    initiators: when.initiators && initiatorsOf(when.initiators),
  };
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
  const { timeoutHours = DEFAULT_TIMEOUT_HOURS } = effect;
  return {
    type: effect.type,
    alternatives: alternativesOf(effect).map((groups) => groups.map(groupOf)),
    timeoutHours,
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

function amountProblems({ amount, assetIds }: WhenInput, pointer: string): ErrorItem[] {
  if (amount === undefined) return [];
  if (assetIds?.length !== 1) {
    return [
      {
        pointer: `${pointer}/assetIds`,
        code: 'one_asset_needed',
        detail: 'an amount needs exactly one asset',
      },
    ];
  }
  const { min, max } = { min: unitsOf(amount.min) ?? 0n, max: unitsOf(amount.max) };
  return max !== undefined && min > max
    ? [{ pointer: `${pointer}/amount`, code: 'empty_range', detail: 'min is above max' }]
    : [];
}

/** A misspelt address would never match, and in a deny rule nobody would notice. */
function destinationProblems({ destinations = [] }: WhenInput, pointer: string): ErrorItem[] {
  return destinations.flatMap((destination, index) => {
    const parsed = parseAddress(destination);
    return 'address' in parsed ? [] : [{ pointer: `${pointer}/${index}`, code: 'invalid_address' }];
  });
}

function effectProblems(effect: EffectInput, pointer: string): ErrorItem[] {
  if (effect.type !== 'require_approvals') return [];
  if ((effect.groups === undefined) === (effect.anyOf === undefined)) {
    return [{ pointer, code: 'groups_or_any_of', detail: 'name either groups or anyOf' }];
  }
  if (effect.groups !== undefined) return groupProblems(effect.groups, `${pointer}/groups`);
  return (effect.anyOf ?? []).flatMap((groups, index) => groupProblems(groups, `${pointer}/anyOf/${index}`));
}

function groupProblems(groups: readonly GroupInput[], pointer: string): ErrorItem[] {
  return groups.flatMap(({ approvers, role, required }, index) => {
    const place = `${pointer}/${index}`;
    if ((approvers === undefined) === (role === undefined)) {
      return [{ pointer: place, code: 'approvers_or_role', detail: 'name either approvers or a role' }];
    }
    if (role !== undefined && !rolesWith('transactions:approve').includes(role)) {
      return [
        { pointer: `${place}/role`, code: 'role_cannot_approve', detail: `a ${role} approves nothing` },
      ];
    }
    const people = new Set(approvers).size;
    return approvers !== undefined && people < required
      ? [{ pointer: `${place}/required`, code: 'too_many', detail: `there are only ${people} approvers` }]
      : [];
  });
}
