import type { Group } from '@ironforge/tx-core';
import type { People } from '../asks/people.ts';

/** Whom a group means: those whom it names, or who holds its role. */
export function membersOf(
  { approvers, role }: Group,
  { holders }: Pick<People, 'holders'>,
): readonly string[] {
  return approvers ?? holders.get(role ?? '') ?? [];
}
