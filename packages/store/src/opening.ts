import { assert, isUuid, type TenantId } from '@ironforge/kernel';

/** SERIALIZABLE unless the transaction works on a hot row, which it locks first. */
export type Isolation = 'serializable' | 'read committed';

/** How a transaction is opened; what reads is opened so that it can do nothing else. */
export type Mode = Isolation | 'reading';

/** The database role of a transaction: one tenant's rows, or (for a named use) all of them. */
export type Wall =
  | { readonly role: 'ironforge_app'; readonly tenantId: TenantId }
  | { readonly role: 'ironforge_system' };

/**
 * The text that opens a transaction in one simple query.
 * sql-value: BEGIN takes no bindings; the tenant is the one value ever put into SQL text, and is proved to be a UUID here.
 */
export function openingStatement(mode: Mode, wall: Wall): string {
  const begin = `BEGIN ISOLATION LEVEL ${LEVELS[mode]}; SET LOCAL ROLE ${wall.role}`;
  if (wall.role === 'ironforge_system') return begin;
  assert(isUuid(wall.tenantId), 'a tenant id is a UUID');
  return `${begin}; SET LOCAL ironforge.tenant = '${wall.tenantId}'`;
}

const LEVELS: Readonly<Record<Mode, string>> = {
  serializable: 'SERIALIZABLE',
  'read committed': 'READ COMMITTED',
  reading: 'REPEATABLE READ READ ONLY',
};
