import { rolesWith } from '@ironforge/contracts';
import type { UserId } from '@ironforge/kernel';
import type { Rule } from '../policy/rule.ts';
import { groupsOf } from './quorum-of-change.ts';

/** What rules look at beside a request itself: to change it is to change what they decide. */
export type Watched = {
  readonly walletTags: ReadonlySet<string>;
  /** Roles that approve, or that may do so without rules naming them: an admin decides where no group does. */
  readonly decidingRoles: ReadonlySet<string>;
  readonly initiatorRoles: ReadonlySet<string>;
  readonly approverIds: ReadonlySet<UserId>;
};

/** What the rules of all policies look at. */
export function watchedBy(rules: readonly Rule[]): Watched {
  const groups = groupsOf(rules);
  const named = groups.flatMap(({ role }) => (role === undefined ? [] : [role]));
  return {
    walletTags: new Set(rules.flatMap(({ when }) => when.walletTags ?? [])),
    decidingRoles: new Set(['admin', ...named, ...vouchingRoles(rules)]),
    initiatorRoles: new Set(rules.flatMap(({ when }) => when.initiators?.roles ?? [])),
    approverIds: new Set(groups.flatMap(({ approvers }) => approvers ?? [])),
  };
}

/**
 * Where rules read who is paid, or what an amount is worth, those who vouch for that decide with them: a second person must
 * not be a puppet.
 */
function vouchingRoles(rules: readonly Rule[]): readonly string[] {
  const readsPrices = rules.some(
    ({ when }) => when.fiatAmount !== undefined || when.window?.fiat !== undefined,
  );
  const kinds = new Set(rules.flatMap(({ when }) => when.destinationKinds ?? []));
  return [
    ...(readsPrices ? rolesWith('prices:write') : []),
    ...(kinds.has('address_book') ? rolesWith('address_book:share') : []),
    ...(kinds.has('own_wallet') ? rolesWith('wallets:write') : []),
  ];
}

/** What rules see of a wallet. */
export type WalletMarks = { readonly policyId: string | null; readonly tags: readonly string[] };

/** True when a wallet's change would put it under other rules; a new one had neither policy nor tags. */
export function walletNeedsQuorum(
  { walletTags }: Pick<Watched, 'walletTags'>,
  before: WalletMarks,
  after: WalletMarks,
): boolean {
  return before.policyId !== after.policyId || isAnyIn(walletTags, difference(before.tags, after.tags));
}

/** What counts of a user; whoever is not active has no rights. */
export type UserRights = { readonly roles: readonly string[]; readonly isActive: boolean };

/** A user before and after. */
export type UserStep = { readonly userId: UserId; readonly before: UserRights; readonly after: UserRights };

/**
 * True when a user would get a say, or stand before other rules: by his roles, also of one who is suspended before or after, since
 * he may return; and by his return. To take a role that rules name for initiators may lift a denial. Suspension alone never needs anybody.
 */
export function userNeedsQuorum(
  watched: Omit<Watched, 'walletTags'>,
  { userId, before, after }: UserStep,
  approvingRoles: readonly string[],
): boolean {
  const canApprove = (roles: readonly string[]) => roles.some((role) => approvingRoles.includes(role));
  const isGain = (had: readonly string[]) =>
    isAnyIn(
      watched.decidingRoles,
      after.roles.filter((role) => !had.includes(role)),
    ) ||
    isAnyIn(watched.initiatorRoles, difference(had, after.roles)) ||
    (watched.approverIds.has(userId) && canApprove(after.roles) && !canApprove(had));
  const returns = after.isActive && !before.isActive;
  return isGain(before.roles) || (returns && isGain([]));
}

/** True for somebody whose say rules count on: to reset his credentials is to become him. */
export function isDecider(
  { decidingRoles, approverIds }: Pick<Watched, 'decidingRoles' | 'approverIds'>,
  user: { readonly userId: UserId; readonly roles: readonly string[] },
): boolean {
  return approverIds.has(user.userId) || isAnyIn(decidingRoles, user.roles);
}

function difference(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set(one).symmetricDifference(new Set(other))];
}

function isAnyIn(named: ReadonlySet<string>, texts: readonly string[]): boolean {
  return texts.some((text) => named.has(text));
}
