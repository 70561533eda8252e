import { appError } from '@ironforge/contracts';
import type { UserCaller } from '@ironforge/service-kit';

/** Refuses what only a person does who signed in. Throws `permission_denied`. */
export function refuseKey({ apiKeyId }: UserCaller): void {
  if (apiKeyId !== null) throw appError('permission_denied', { detail: 'sign in to do this' });
}
