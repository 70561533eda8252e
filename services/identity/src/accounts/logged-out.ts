import type { TenantId } from '@ironforge/kernel';
import type { Cause, EventMessage } from '@ironforge/service-kit';
import type { IdentityDeps } from '../deps.ts';

/** A session that its owner ended, and how he asked for it. */
export interface LoggedOut {
  readonly tenantId: TenantId;
  readonly userId: string;
  readonly sessionId: string;
  readonly cause: Cause;
}

/** The event of a session that was just ended by its owner. */
export function loggedOut(
  { events }: Pick<IdentityDeps, 'events'>,
  { tenantId, userId, sessionId, cause }: LoggedOut,
): EventMessage {
  const data = { userId, sessionId };
  return events.event('session.logged_out', { tenantId, subject: sessionId, version: 1, cause, data });
}
