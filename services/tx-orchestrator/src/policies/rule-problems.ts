import { methodSelector, parseAddress } from '@ironforge/chain-evm';
import { type PolicyRuleInput, rolesWith } from '@ironforge/contracts';
import { type ErrorItem, parseUnits } from '@ironforge/kernel';
import { fiatRangeOf, timeOfDayOf } from './rules.ts';

type WhenInput = PolicyRuleInput['when'];
type EffectInput = PolicyRuleInput['effect'];
type GroupInput = NonNullable<Extract<EffectInput, { type: 'require_approvals' }>['groups']>[number];

/** What the shape of rules alone does not show; empty when they can be taken. */
export function ruleProblems(inputs: readonly PolicyRuleInput[]): ErrorItem[] {
  return inputs.flatMap(({ when, effect }, index) => [
    ...assetProblems(when, `/rules/${index}/when/assetIds`),
    ...amountProblems(when, `/rules/${index}/when/amount`),
    ...fiatProblems(when, `/rules/${index}/when/fiatAmount`),
    ...windowProblems(inputs, index),
    ...destinationProblems(when, `/rules/${index}/when/destinations`),
    ...methodProblems(when, `/rules/${index}/when/methods`),
    ...timeProblems(when, `/rules/${index}/when/timeOfDay`),
    ...effectProblems(effect, `/rules/${index}/effect`),
  ]);
}

/** Base units of two assets are no common measure. */
function assetProblems({ amount, window, assetIds }: WhenInput, pointer: string): ErrorItem[] {
  const isMeasured = amount !== undefined || (window !== undefined && !('currency' in window));
  return isMeasured && assetIds?.length !== 1
    ? [{ pointer, code: 'one_asset_needed', detail: 'an amount and a window need exactly one asset' }]
    : [];
}

function amountProblems({ amount }: WhenInput, pointer: string): ErrorItem[] {
  const min = parseUnits(amount?.min ?? '0');
  const max = amount?.max === undefined ? null : parseUnits(amount.max);
  return min !== null && max !== null && min > max
    ? [{ pointer, code: 'empty_range', detail: 'min is above max' }]
    : [];
}

/** A range without bounds would ask for a price and decide nothing. */
function fiatProblems({ fiatAmount }: WhenInput, pointer: string): ErrorItem[] {
  if (fiatAmount === undefined) return [];
  const { min, max } = fiatRangeOf(fiatAmount);
  if (min === undefined && max === undefined)
    return [{ pointer, code: 'bound_needed', detail: 'name min, max or both' }];
  const isEmpty = min !== undefined && max !== undefined && min > max;
  return isEmpty ? [{ pointer, code: 'empty_range', detail: 'min is above max' }] : [];
}

/** What a window has given away is known by its rule's name. */
function windowProblems(inputs: readonly PolicyRuleInput[], index: number): ErrorItem[] {
  const rule = inputs[index];
  if (rule?.when.window === undefined) return [];
  const isShared = inputs.filter(({ name }) => name === rule.name).length > 1;
  const findings: (ErrorItem | false)[] = [
    isShared && {
      pointer: `/rules/${index}/name`,
      code: 'name_taken',
      detail: 'a rule with a window needs a name of its own',
    },
    rule.effect.type === 'deny' && {
      pointer: `/rules/${index}/when/window`,
      code: 'window_of_deny',
      detail: 'a rule that denies spends nothing',
    },
  ];
  return findings.filter((finding) => finding !== false);
}

/** A misspelt address would never match, and in a deny rule nobody would notice. */
function destinationProblems({ destinations = [] }: WhenInput, pointer: string): ErrorItem[] {
  return destinations.flatMap((destination, index) => {
    const parsed = parseAddress(destination);
    return 'address' in parsed ? [] : [{ pointer: `${pointer}/${index}`, code: 'invalid_address' }];
  });
}

function methodProblems({ methods = [] }: WhenInput, pointer: string): ErrorItem[] {
  return methods.flatMap((method, index) =>
    methodSelector(method) === null ? [{ pointer: `${pointer}/${index}`, code: 'invalid_method' }] : [],
  );
}

function timeProblems({ timeOfDay }: WhenInput, pointer: string): ErrorItem[] {
  if (timeOfDay === undefined) return [];
  const { fromMinute, toMinute } = timeOfDayOf(timeOfDay);
  return fromMinute === toMinute
    ? [{ pointer, code: 'empty_range', detail: 'from and to are the same time' }]
    : [];
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
