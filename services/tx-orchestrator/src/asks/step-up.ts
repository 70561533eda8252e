import { appError, INTERNAL_ROUTES } from '@ironforge/contracts';
import type { OrchestratorDeps } from '../deps.ts';

/** Who proves himself, and by which code. */
export interface Proof {
  readonly tenantId: string;
  readonly userId: string;
  readonly code: string | undefined;
  readonly requestId: string;
}

/** Has identity check a code of the second factor. Throws `step_up_required`, `step_up_failed` and `too_many_attempts`. */
export async function askStepUp(
  { call }: Pick<OrchestratorDeps, 'call'>,
  { requestId, code, ...person }: Proof,
): Promise<void> {
  if (code === undefined) throw appError('step_up_required');
  const { outcome } = await call(INTERNAL_ROUTES.verifyTotp, { body: { ...person, code }, requestId });
  if (outcome === 'blocked') throw appError('too_many_attempts', { retry: 'later' });
  if (outcome !== 'accepted') throw appError('step_up_failed');
}
