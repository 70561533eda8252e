import { appError, type ChangeReceipt, ROUTES } from '@ironforge/contracts';
import { AppError, present } from '@ironforge/kernel';
import {
  type Answer,
  answerProposed,
  type ApiRequest,
  askChange,
  bind,
  type BoundRoute,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { putApprovalAddress } from '../accounts/change-credentials.ts';
import { roleList } from '../accounts/closed-lists.ts';
import type { IdentityDeps } from '../deps.ts';
import { endOffer } from '../queries/approval-addresses.ts';
import { findUser } from '../queries/users.ts';
import { proveOffered } from '../second-factor/offered-address.ts';

type Request = ApiRequest<typeof ROUTES.confirmApprovalAddress, UserCaller>;

/** Hand in the signature of the address that was offered; perhaps it counts only when others approved. */
export function confirmApprovalAddress(deps: IdentityDeps): BoundRoute {
  return bind(ROUTES.confirmApprovalAddress, async (request) => {
    const { caller } = request;
    if (caller.apiKeyId !== null) return appError('permission_denied', { detail: 'sign in to do this' });
    const scope = deps.store.forTenant(caller.tenantId);
    const subject = await scope.transaction((tx) => subjectOf(deps, tx, request));
    if (subject instanceof AppError) return subject;
    const change = await askChange(deps, request, subject);
    return await scope.transaction((tx) => use(deps, tx, { request, subject, change }));
  });
}

type Subject = Exclude<Awaited<ReturnType<typeof subjectOf>>, AppError>;

async function subjectOf(deps: IdentityDeps, tx: Tx, { caller, body }: Request) {
  const { tenantId, userId } = caller;
  const place = { tenant_id: tenantId, user_id: userId };
  const proven = await proveOffered(deps, tx, { place, signature: body.signature });
  if (proven instanceof AppError) return proven;
  const { roles } = present(await findUser(tx, tenantId, userId), 'the user who calls');
  const base = { roles: roleList.parse(roles), address: proven.inForce };
  return { kind: 'set_approval_address' as const, userId, base, next: { address: proven.address } };
}

interface Using {
  readonly request: Request;
  readonly subject: Subject;
  readonly change: ChangeReceipt | null;
}

/** The signature serves once: of two calls with it the second finds no offer any more. A refusal undoes it all. */
async function use(deps: IdentityDeps, tx: Tx, { request, subject, change }: Using): Promise<Answer> {
  const { tenantId, userId } = request.caller;
  const place = { tenant_id: tenantId, user_id: userId };
  const proven = await proveOffered(deps, tx, { place, signature: request.body.signature });
  if (proven instanceof AppError) throw proven;
  await endOffer(tx, place, deps.clock());
  if (change !== null) return answerProposed(change);
  const refused = await putApprovalAddress(deps, tx, { tenantId, subject, cause: causeOfRequest(request) });
  if (refused !== null) throw refused;
  return { status: 200, body: { address: subject.next.address } };
}
