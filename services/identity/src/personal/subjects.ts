import type { PersonalItem } from '@ironforge/contracts';
import { isUuid } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import { findKeyOwners } from '../queries/api-keys.ts';
import type { SubjectPlace } from '../queries/subject-keys.ts';

/** Whose data key encrypts what is personal about a user. */
export function subjectOfUser(userId: string): string {
  return `user:${userId}`;
}

type Act = Pick<PersonalItem, 'tenantId' | 'actor' | 'occurredAt'>;

/**
 * Whose acts these are, in their order: of a user, or of the owner of an API key; of whom nobody knows (failed sign-ins, of which a
 * service tells) the visitors of that month, so that they can be erased as well.
 */
export async function subjectsOf(store: Store, acts: readonly Act[]): Promise<SubjectPlace[]> {
  const owners = await ownersOf(store, acts);
  return acts.map((act) => {
    const userId = act.actor.type === 'user' ? act.actor.id : owners.get(keyName(act));
    const subject = userId === undefined ? subjectOfVisitors(monthOf(act.occurredAt)) : subjectOfUser(userId);
    return { tenant_id: act.tenantId, subject };
  });
}

/** The data key of whom nobody knows: one for all of a month (`2026-10`). */
export function subjectOfVisitors(month: string): string {
  return `visitors:${month}`;
}

/** The month of an RFC 3339 time in UTC. */
export function monthOf(time: string): string {
  return time.slice(0, 'yyyy-mm'.length);
}

async function ownersOf(store: Store, acts: readonly Act[]): Promise<Map<string, string>> {
  const keys = acts
    .filter(({ actor }) => actor.type === 'api_key' && isUuid(actor.id))
    .map(({ tenantId, actor }) => ({ tenant_id: tenantId, id: actor.id }));
  if (keys.length === 0) return new Map();
  const owners = await store.system('personal_data').read((tx) => findKeyOwners(tx, keys));
  return new Map(owners.map(({ tenant_id, id, user_id }) => [`${tenant_id} ${id}`, user_id]));
}

function keyName({ tenantId, actor }: Act): string {
  return `${tenantId} ${actor.id}`;
}
