import { appError, ROUTES } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import {
  answerProposed,
  type ApiRequest,
  askChange,
  bind,
  type BoundRoute,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { resetTotp as reset } from '../accounts/change-credentials.ts';
import { objectionTo } from '../accounts/change-user.ts';
import { roleList } from '../accounts/closed-lists.ts';
import type { IdentityDeps } from '../deps.ts';
import { lockFactor } from '../queries/totp-factors.ts';
import { findUser } from '../queries/users.ts';

type Request = ApiRequest<typeof ROUTES.resetTotp, UserCaller>;

/** Take the authenticator of somebody else away; never one's own, for which a code of it is needed. */
export function resetTotp(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.resetTotp, async (request) => {
    const { caller, params } = request;
    if (params.id === caller.userId) return appError('second_person_needed');
    const scope = deps.store.forTenant(caller.tenantId);
    const subject = await scope.transaction((tx) => subjectOf(tx, request));
    if (subject instanceof AppError) return subject;
    const change = await askChange(deps, request, subject);
    if (change !== null) return answerProposed(change);
    const edit = { tenantId: caller.tenantId, subject, cause: causeOfRequest(request) };
    const refused = await scope.transaction((tx) => reset(deps, tx, edit));
    return refused ?? { status: 204, body: undefined };
  });
}

async function subjectOf(tx: Tx, { caller: { tenantId }, params: { id: userId } }: Request) {
  const user = await findUser(tx, tenantId, userId);
  if (user === undefined) return appError('not_found');
  const objection = objectionTo(user);
  if (objection !== null) return objection;
  const factor = await lockFactor(tx, { tenant_id: tenantId, user_id: userId });
  const confirmedAt = factor?.confirmed_at?.toISOString();
  if (confirmedAt === undefined) return appError('illegal_transition', { detail: 'there is no such factor' });
  return { kind: 'reset_totp' as const, userId, base: { roles: roleList.parse(user.roles), confirmedAt } };
}
