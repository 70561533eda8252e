import { ROLES } from '@ironforge/contracts';
import { AppError, assert, branded, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { z } from 'zod';
import { tenantPlan } from './accounts/closed-lists.ts';
import { createTenant } from './accounts/create-tenant.ts';
import { registerUser } from './accounts/register-user.ts';
import type { IdentityDeps } from './deps.ts';
import { hasTenants } from './queries/tenants.ts';

const bootstrapUser = z.strictObject({
  email: z.email(),
  password: z.string().min(12),
  displayName: z.string().min(1),
  roles: z.array(z.enum(ROLES)).min(1),
});

/** The first tenant of an installation and its users. */
export const bootstrapFile = z.strictObject({
  tenant: z.strictObject({
    name: z.string().min(1),
    plan: tenantPlan,
    limits: z
      .strictObject({
        maxWallets: z.int().min(0).optional(),
        maxTransactionsPerDay: z.int().min(0).optional(),
        requestsPerMinute: z.int().min(1).optional(),
      })
      .default({}),
  }),
  users: z.array(bootstrapUser).min(1),
});

export type Bootstrap = z.output<typeof bootstrapFile>;

const CAUSE: Cause = { actor: { type: 'service', id: 'identity' } };

/** Throws `config_invalid` when production would start with more than one known password. */
export function checkBootstrap(
  bootstrap: Bootstrap,
  environment: 'development' | 'test' | 'production',
): void {
  const [first, ...others] = bootstrap.users;
  const isOneAdmin =
    others.length === 0 && first?.roles.every((role) => role === 'admin' || role === 'super_admin');
  if (environment !== 'production' || isOneAdmin) return;
  throw new AppError('config_invalid', {
    detail: 'BOOTSTRAP: in production it names one admin and nobody else',
  });
}

/** Makes the first tenant and its users, once: an installation that has a tenant is left as it is. Safe to run at every start, in two processes too. */
export async function runBootstrap(deps: IdentityDeps, bootstrap: Bootstrap): Promise<void> {
  const scope = deps.store.system('bootstrap');
  if (await scope.transaction(hasTenants)) return;
  const users = await Promise.all(
    bootstrap.users.map(async (user) => ({
      ...user,
      passwordHash: await deps.passwords.hash(user.password),
    })),
  );
  await scope.transaction(async (tx) => {
    if (await hasTenants(tx)) return;
    const tenant = await createTenant(deps, tx, { ...bootstrap.tenant, cause: CAUSE });
    await registerAll(deps, tx, { tenantId: branded<TenantId>(tenant.id), users });
  });
  deps.log.info({ tenant: bootstrap.tenant.name, users: users.length }, 'made the first tenant');
}

type HashedUser = Bootstrap['users'][number] & { readonly passwordHash: string };

interface FirstUsers {
  readonly tenantId: TenantId;
  readonly users: readonly HashedUser[];
}

async function registerAll(deps: IdentityDeps, tx: Tx, { tenantId, users }: FirstUsers): Promise<void> {
  for (const { email, displayName, roles, passwordHash } of users) {
    const isNew = await registerUser(deps, tx, {
      id: deps.newId(),
      tenantId,
      email,
      displayName,
      roles,
      status: 'active',
      passwordHash,
      mustChangePassword: false,
      cause: CAUSE,
    });
    assert(isNew, 'BOOTSTRAP names each e-mail once');
  }
}
