import type { BoundRoute } from '@ironforge/service-kit';
import type { IdentityDeps } from './deps.ts';
import { applyUserChange } from './routes/apply-user-change.ts';
import { authenticate } from './routes/authenticate.ts';
import { changePassword } from './routes/change-password.ts';
import { confirmApprovalAddress } from './routes/confirm-approval-address.ts';
import { confirmTotp } from './routes/confirm-totp.ts';
import { createApiKey } from './routes/create-api-key.ts';
import { createTenant } from './routes/create-tenant.ts';
import { createUser } from './routes/create-user.ts';
import { deleteApiKey } from './routes/delete-api-key.ts';
import { eraseUser } from './routes/erase-user.ts';
import { eraseVisitors } from './routes/erase-visitors.ts';
import { endSession } from './routes/end-session.ts';
import { enrolTotp } from './routes/enrol-totp.ts';
import { getMe } from './routes/get-me.ts';
import { getUser } from './routes/get-user.ts';
import { listApiKeys } from './routes/list-api-keys.ts';
import { listSessions } from './routes/list-sessions.ts';
import { listTenants } from './routes/list-tenants.ts';
import { listUsers } from './routes/list-users.ts';
import { login } from './routes/login.ts';
import { logout } from './routes/logout.ts';
import { offerApprovalAddress } from './routes/offer-approval-address.ts';
import { openPersonal } from './routes/open-personal.ts';
import { refresh } from './routes/refresh.ts';
import { renewRecoveryCodes } from './routes/renew-recovery-codes.ts';
import { resetTotp } from './routes/reset-totp.ts';
import { resolveUsers } from './routes/resolve-users.ts';
import { sealPersonal } from './routes/seal-personal.ts';
import { updateTenant } from './routes/update-tenant.ts';
import { updateUser } from './routes/update-user.ts';
import { verifyTotp } from './routes/verify-totp.ts';

/** Every route of identity, bound. */
export function identityRoutes(deps: IdentityDeps): BoundRoute[] {
  const session = [login, refresh, logout, getMe];
  const factors = [enrolTotp, confirmTotp, renewRecoveryCodes, resetTotp];
  const proofs = [offerApprovalAddress, confirmApprovalAddress];
  const tenants = [createTenant, listTenants, updateTenant];
  const users = [createUser, listUsers, getUser, updateUser, eraseUser, eraseVisitors];
  const own = [changePassword, listSessions, endSession];
  const keys = [createApiKey, listApiKeys, deleteApiKey];
  const internal = [authenticate, resolveUsers, applyUserChange, verifyTotp, sealPersonal, openPersonal];
  return [session, own, factors, proofs, tenants, users, keys, internal].flat().map((route) => route(deps));
}
