/** Every permission; a route names the one it needs. */
export const PERMISSIONS = [
  'tenants:read',
  'tenants:write',
  'users:read',
  'users:write',
  'api_keys:write',
  'wallets:read',
  'wallets:read_all',
  'wallets:write',
  'assets:write',
  'address_book:write',
  'address_book:share',
  'policies:read',
  'policies:write',
  'prices:write',
  'transactions:create',
  'transactions:read',
  'transactions:read_all',
  'transactions:approve',
  'transactions:sign',
  'audit:read',
  'audit:personal',
  'audit:retain',
  'audit:export',
  'audit:stream',
  'chains:resume',
] as const;

/** One right; `…:read` shows one's own rows, `…:read_all` the whole tenant's. */
export type Permission = (typeof PERMISSIONS)[number];

/** Every role. */
export const ROLES = [
  'super_admin',
  'admin',
  'operator',
  'approver',
  'signer',
  'compliance',
  'price_feed',
  'user',
] as const;

/** A named set of permissions; a user may have several. */
export type Role = (typeof ROLES)[number];

const SEES_ALL = [
  'wallets:read',
  'wallets:read_all',
  'transactions:read',
  'transactions:read_all',
  'policies:read',
] as const;

/** What each role may do: the one table of rights. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  super_admin: ['tenants:read', 'tenants:write', 'api_keys:write', 'chains:resume'],
  admin: [
    ...SEES_ALL,
    'users:read',
    'users:write',
    'api_keys:write',
    'wallets:write',
    'assets:write',
    'address_book:write',
    'address_book:share',
    'policies:write',
    'transactions:create',
    'transactions:approve',
    'audit:read',
    'audit:export',
    'audit:stream',
  ],
  operator: [
    ...SEES_ALL,
    'api_keys:write',
    'wallets:write',
    'assets:write',
    'address_book:write',
    'address_book:share',
    'transactions:create',
    'transactions:approve',
  ],
  approver: [
    ...SEES_ALL,
    'api_keys:write',
    'address_book:write',
    'address_book:share',
    'transactions:approve',
  ],
  signer: [...SEES_ALL, 'api_keys:write', 'transactions:sign'],
  compliance: [
    ...SEES_ALL,
    'api_keys:write',
    'address_book:write',
    'address_book:share',
    'transactions:approve',
    'audit:read',
    'audit:personal',
    'audit:retain',
    'audit:export',
    'audit:stream',
  ],
  price_feed: ['api_keys:write', 'prices:write'],
  user: [
    'api_keys:write',
    'wallets:read',
    'wallets:write',
    'address_book:write',
    'transactions:create',
    'transactions:read',
  ],
};

/** The roles that give a right. */
export function rolesWith(permission: Permission): Role[] {
  return ROLES.filter((role) => ROLE_PERMISSIONS[role].includes(permission));
}

/** The rights of somebody who has these roles. */
export function permissionsOf(roles: readonly Role[]): Permission[] {
  const granted = new Set(roles.flatMap((role) => ROLE_PERMISSIONS[role]));
  return PERMISSIONS.filter((permission) => granted.has(permission));
}
