import { type ApiRequest, causeOfRequest, type UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Route } from '@ironforge/contracts';
import type { IdentityDeps } from '../deps.ts';
import type { User } from '../queries/users.ts';
import { isErased } from './erase-user.ts';

/** A request, and the users whose e-mail and name its answer shows. */
export interface PersonalRead {
  readonly request: ApiRequest<Route, UserCaller>;
  readonly users: readonly User[];
}

/**
 * Tells, in the transaction of the read, whose e-mail and name are shown to somebody else (`user.personal_data_read`): no answer
 * without an entry. One's own is nothing to tell, nor is what was erased.
 */
export function notePersonalRead(
  { outbox, events }: Pick<IdentityDeps, 'outbox' | 'events'>,
  tx: Tx,
  { request, users }: PersonalRead,
): void {
  const { tenantId, userId } = request.caller;
  const others = users.filter((user) => user.id !== userId && !isErased(user));
  const [first, ...more] = others.map(({ id }) => id);
  if (first === undefined) return;
  const data = { userIds: [first, ...more], fields: FIELDS };
  const subject = more.length === 0 ? first : 'several';
  const cause = causeOfRequest(request);
  outbox.add(tx, [events.event('user.personal_data_read', { tenantId, subject, version: 1, cause, data })]);
}

const FIELDS: ('email' | 'displayName')[] = ['email', 'displayName'];
