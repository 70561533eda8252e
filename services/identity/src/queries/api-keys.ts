import type { ApiKeyRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { type AccessRow, ACCESS_COLUMNS } from './access-columns.ts';
import type { UserPlace } from './user-roles.ts';

const COLUMNS = [
  'id',
  'tenant_id',
  'user_id',
  'name',
  'permissions',
  'allowed_ips',
  'expires_at',
  'last_used_at',
  'version',
  'created_at',
] as const;

const SELECTED = COLUMNS.join(', ');

/** A key as its owner sees it. */
export type ApiKey = Pick<ApiKeyRow, (typeof COLUMNS)[number]>;

/** A key together with what its owner may do now. */
export type ApiKeyAccess = AccessRow &
  Pick<
    ApiKeyRow,
    'id' | 'secret_hash' | 'permissions' | 'allowed_ips' | 'expires_at' | 'last_used_at' | 'revoked_at'
  >;

/** A key as it is stored: only a keyed hash of it, and the key by which it was made, if any. */
export type NewApiKey = ApiKey & Pick<ApiKeyRow, 'secret_hash' | 'made_by'>;

/** Stores a new key. */
export async function insertApiKey(tx: Tx, key: NewApiKey): Promise<void> {
  await tx<ApiKeyRow>('api_keys').insert({ ...key, updated_at: key.created_at });
}

/** The keys of one user that are not revoked, newest first. */
export async function listApiKeys(
  tx: Tx,
  owner: UserPlace,
  { after, count }: { readonly after: RowPlace | null; readonly count: number },
): Promise<ApiKey[]> {
  const query = tx<ApiKeyRow>('api_keys')
    .select(...COLUMNS)
    .where(owner)
    .whereNull('revoked_at');
  if (after !== null) void query.whereRaw('(created_at, id) < (?, ?)', [after.createdAt, after.id]);
  return await query.orderByRaw('created_at DESC, id DESC').limit(count);
}

/** One key of a user; undefined when he has no such key, or it is revoked. */
export async function findLiveApiKey(
  tx: Tx,
  key: UserPlace & { readonly id: string },
): Promise<ApiKey | undefined> {
  return await tx<ApiKeyRow>('api_keys')
    .select(...COLUMNS)
    .where(key)
    .whereNull('revoked_at')
    .first();
}

/** Revokes one key of a user, and those that were made by it, or by these; none when he has no such key. */
export async function revokeApiKey(
  tx: Tx,
  key: UserPlace & { readonly id: string },
  now: Date,
): Promise<ApiKey[]> {
  const { rows } = await tx.raw<{ rows: ApiKey[] }>(REVOKE_WITH_CHILDREN, { ...key, now });
  return rows;
}

const REVOKE_WITH_CHILDREN = `
  WITH RECURSIVE line AS (
    SELECT id FROM api_keys
    WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id AND revoked_at IS NULL
    UNION
    SELECT k.id FROM api_keys k JOIN line l ON k.made_by = l.id
    WHERE k.tenant_id = :tenant_id AND k.revoked_at IS NULL
  )
  UPDATE api_keys SET revoked_at = :now, updated_at = :now, version = version + 1
  WHERE tenant_id = :tenant_id AND id IN (SELECT id FROM line)
  RETURNING ${SELECTED}`;

/** Revokes every key of a user, or of a whole tenant. */
export async function revokeApiKeys(
  tx: Tx,
  whose: UserPlace | Pick<UserPlace, 'tenant_id'>,
  now: Date,
): Promise<ApiKey[]> {
  return await tx<ApiKeyRow>('api_keys')
    .where(whose)
    .whereNull('revoked_at')
    .update({ revoked_at: now, updated_at: now })
    .increment('version', 1)
    .returning(COLUMNS);
}

/** The key with this id in any tenant, before the tenant is known. */
export async function findApiKeyAccess(tx: Tx, keyId: string): Promise<ApiKeyAccess | undefined> {
  const [row] = await tx('api_keys as k')
    .join('users as u', (on) => on.on('u.id', 'k.user_id').andOn('u.tenant_id', 'k.tenant_id'))
    .join('tenants as t', 't.id', 'k.tenant_id')
    .select<ApiKeyAccess[]>(
      'k.id',
      'k.secret_hash',
      'k.permissions',
      'k.allowed_ips',
      'k.expires_at',
      'k.last_used_at',
      'k.revoked_at',
      tx.raw(ACCESS_COLUMNS),
    )
    .where('k.id', keyId);
  return row;
}

/** Notes that a key was used. */
export async function noteApiKeyUse(
  tx: Tx,
  key: { readonly tenant_id: string; readonly id: string },
  now: Date,
): Promise<void> {
  await tx<ApiKeyRow>('api_keys')
    .where({ tenant_id: key.tenant_id, id: key.id })
    .update({ last_used_at: now });
}

/** Forgets from where the keys of a user could be used. */
export async function forgetAllowedIps(tx: Tx, { tenant_id, user_id }: UserPlace): Promise<void> {
  await tx<ApiKeyRow>('api_keys').where({ tenant_id, user_id }).update({ allowed_ips: null });
}

/** Whose these keys are, of any tenant; unknown ones are left out. */
export async function findKeyOwners(
  tx: Tx,
  keys: readonly Pick<ApiKey, 'tenant_id' | 'id'>[],
): Promise<Pick<ApiKey, 'tenant_id' | 'id' | 'user_id'>[]> {
  return await tx<ApiKeyRow>('api_keys')
    .select('tenant_id', 'id', 'user_id')
    .whereIn(
      ['tenant_id', 'id'],
      keys.map(({ tenant_id, id }) => [tenant_id, id]),
    );
}
