import { appError, type ChangeReceipt, ROUTES } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
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
import { askThenAnswerSealedOnce, type SealableAnswer } from '../accounts/answer-sealed-once.ts';
import { refuseGlobalRole } from '../accounts/refuse-global-role.ts';
import { registerUser } from '../accounts/register-user.ts';
import { showUser } from '../accounts/show-user.ts';
import { normalizeEmail } from '../credentials/email-address.ts';
import type { IdentityDeps } from '../deps.ts';
import { findUser, hasEmail } from '../queries/users.ts';

type Request = ApiRequest<typeof ROUTES.createUser, UserCaller>;

/** Add a user to the tenant; one whose roles others must approve is there at once, but suspended until they did. */
export function createUser(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.createUser, async (request) => {
    const { roles, password } = request.body;
    refuseGlobalRole(roles);
    const passwordHash = password === undefined ? null : await deps.passwords.hash(password);
    const once = { scope: deps.store.forTenant(request.caller.tenantId), claim: request.idempotency };
    const ask = () => askAbout(deps, request);
    const effect = async (tx: Tx, change: ChangeReceipt | null) => {
      const id = change?.subjectId ?? deps.newId();
      const isNew = await register(deps, tx, { request, passwordHash, id, isHeld: change !== null });
      if (!isNew) return appError('email_exists');
      return change === null
        ? await created(deps, tx, { request, id })
        : { ...answerProposed(change), about: null };
    };
    return await askThenAnswerSealedOnce(deps, once, { ask, effect });
  });
}

/** The e-mail is looked up first, so that nobody is asked about a user who cannot be there. */
async function askAbout(deps: IdentityDeps, request: Request): Promise<ChangeReceipt | null> {
  const { body, caller } = request;
  const index = deps.hashEmail(normalizeEmail(body.email));
  const isTaken = await deps.store
    .forTenant(caller.tenantId)
    .transaction((tx) => hasEmail(tx, caller.tenantId, index), { isolation: 'read committed' });
  if (isTaken) throw appError('email_exists');
  const rights = (status: 'suspended' | 'active') => ({ roles: body.roles, status });
  const change = { base: rights('suspended'), next: rights('active') };
  return await askChange(deps, request, { kind: 'update_user', userId: deps.newId(), ...change });
}

interface Registering {
  readonly request: Request;
  readonly passwordHash: string | null;
  readonly id: string;
  readonly isHeld: boolean;
}

async function register(
  deps: IdentityDeps,
  tx: Tx,
  { request, passwordHash, id, isHeld }: Registering,
): Promise<boolean> {
  const { email, displayName, roles, mustChangePassword = false } = request.body;
  const { tenantId } = request.caller;
  const person = { id, tenantId, email, displayName, passwordHash, mustChangePassword };
  const status = isHeld ? 'suspended' : 'active';
  return await registerUser(deps, tx, { ...person, roles, status, cause: causeOfRequest(request) });
}

async function created(
  deps: IdentityDeps,
  tx: Tx,
  { request: { caller }, id }: Pick<Registering, 'request' | 'id'>,
): Promise<SealableAnswer> {
  const user = present(await findUser(tx, caller.tenantId, id), 'the user just stored');
  return { status: 201, body: showUser(deps, user), headers: { Location: `/v1/users/${id}` }, about: id };
}
