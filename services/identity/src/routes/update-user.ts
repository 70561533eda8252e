import { appError, type ChangeReceipt, ROUTES } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import {
  answerProposed,
  type ApiRequest,
  askChange,
  bind,
  type BoundRoute,
  causeOfRequest,
  mustWait,
  type UserCaller,
} from '@ironforge/service-kit';
import { changeUser, isSame, objectionTo, type Rights, rightsOf } from '../accounts/change-user.ts';
import { refuseGlobalRole } from '../accounts/refuse-global-role.ts';
import { notePersonalRead } from '../accounts/note-personal-read.ts';
import { showUser } from '../accounts/show-user.ts';
import type { IdentityDeps } from '../deps.ts';
import { findUser, type User } from '../queries/users.ts';

type Request = ApiRequest<typeof ROUTES.updateUser, UserCaller>;

/** Change name, roles or status, roles and return perhaps only when others approved; a suspension alone counts at once. */
export function updateUser(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.updateUser, async (request) => {
    const { displayName, roles, status } = request.body;
    const { tenantId } = request.caller;
    refuseGlobalRole(roles ?? []);
    const known = await find(deps, request);
    if (known instanceof AppError) return known;
    if (isEmpty(request)) return { status: 200, body: showUser(deps, known) };
    const change = await askAbout(deps, request, known);
    if (change !== null) return answerProposed(change);
    const base = isGrant(request) ? rightsOf(known) : null;
    const edit = { tenantId, id: known.id, displayName, roles, status, base, cause: causeOfRequest(request) };
    const outcome = await deps.store.forTenant(tenantId).transaction(async (tx) => {
      const changed = await changeUser(deps, tx, edit);
      if (!('code' in changed)) notePersonalRead(deps, tx, { request, users: [changed] });
      return changed;
    });
    return 'code' in outcome ? outcome : { status: 200, body: showUser(deps, outcome) };
  });
}

/** Nothing is to change: he is shown as he is. */
function isEmpty({ body }: Request): boolean {
  return Object.keys(body).length === 0;
}

/** What others might have had to approve is done only if it is what they were asked about; a suspension alone always is. */
function isGrant({ body: { roles, status } }: Request): boolean {
  return status === 'active' || roles !== undefined;
}

async function find(deps: IdentityDeps, request: Request): Promise<User | AppError> {
  const { tenantId } = request.caller;
  return await deps.store.forTenant(tenantId).transaction(
    async (tx) => {
      const user = await findUser(tx, tenantId, request.params.id);
      if (user === undefined) return appError('not_found');
      const objection = objectionTo(user);
      if (objection !== null) return objection;
      if (isEmpty(request)) notePersonalRead(deps, tx, { request, users: [user] });
      return user;
    },
    { isolation: 'read committed' },
  );
}

/** Whether others must approve it; then nothing else may be wanted at the same time, since it would wait unseen. */
async function askAbout(deps: IdentityDeps, request: Request, known: User): Promise<ChangeReceipt | null> {
  const base = rightsOf(known);
  const { roles = base.roles, status = base.status } = request.body;
  const next = { roles: [...roles], status };
  if (isSame(base, next) || isSuspensionAlone(base, next)) return null;
  const shown = { roles: [...base.roles], status: base.status };
  const subject = { kind: 'update_user', userId: known.id, base: shown, next } as const;
  const other = otherThan(request, base);
  if (other === null) return await askChange(deps, request, subject);
  if (!(await mustWait(deps, request, subject))) return null;
  throw appError('validation_failed', { errors: [{ pointer: `/${other}`, code: 'change_apart' }] });
}

function isSuspensionAlone(base: Rights, next: Rights): boolean {
  return next.status !== 'active' && isSame(base, { ...next, status: base.status });
}

/** What would be done at once if it came alone: a name, and a suspension. */
function otherThan({ body: { displayName, status } }: Request, base: Rights): keyof Request['body'] | null {
  if (displayName !== undefined) return 'displayName';
  const suspends = status !== undefined && status !== 'active' && status !== base.status;
  return suspends ? 'status' : null;
}
