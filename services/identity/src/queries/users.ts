import type { UserRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';

const COLUMNS = [
  'id',
  'tenant_id',
  'email_cipher',
  'display_name_cipher',
  'status',
  'must_change_password',
  'last_login_at',
  'version',
  'created_at',
] as const;

/** A user as identity reads it, with his roles. */
export type User = Pick<UserRow, (typeof COLUMNS)[number]> & {
  readonly roles: string[];
  readonly approval_address: string | null;
  /** His data key, wrapped; null once he was erased. */
  readonly key_cipher: string | null;
};

/** A user to be stored. */
export type NewUser = Omit<UserRow, 'last_login_at' | 'version' | 'updated_at'>;

/** An account that may belong to who signs in. */
export interface SignInAccount {
  readonly id: string;
  readonly tenant_id: string;
  readonly password_hash: string | null;
  /** Somebody else chose the password, and wants its owner to choose another. */
  readonly must_change_password: boolean;
  readonly status: string;
  readonly tenant_status: string;
  readonly key_cipher: string | null;
}

/** Which users, from where, how many. */
export interface UserFilter {
  readonly role?: string | undefined;
  readonly status?: string | undefined;
  readonly after: RowPlace | null;
  readonly count: number;
}

/** False when the tenant has a user with this e-mail. */
export async function insertUser(tx: Tx, user: NewUser): Promise<boolean> {
  const rows = await tx<UserRow>('users')
    .insert({ ...user, version: 1, updated_at: user.created_at })
    .onConflict(['tenant_id', 'email_index'])
    .ignore()
    .returning('id');
  return rows.length === 1;
}

/** True when a user of the tenant has this e-mail. */
export async function hasEmail(tx: Tx, tenantId: string, emailIndex: string): Promise<boolean> {
  const user = await tx<UserRow>('users').first('id').where({ tenant_id: tenantId, email_index: emailIndex });
  return user !== undefined;
}

/** One user of the tenant. */
export async function findUser(tx: Tx, tenantId: string, userId: string): Promise<User | undefined> {
  const [user] = await selectUsers(tx).where({ tenant_id: tenantId, id: userId });
  return user;
}

/** The users of the tenant, newest first. */
export async function listUsers(tx: Tx, tenantId: string, filter: UserFilter): Promise<User[]> {
  const query = selectUsers(tx).where({ tenant_id: tenantId });
  if (filter.status !== undefined) void query.where({ status: filter.status });
  if (filter.role !== undefined) void query.whereRaw(HAS_ROLE, [filter.role]);
  if (filter.after !== null)
    void query.whereRaw('(created_at, id) < (?, ?)', [filter.after.createdAt, filter.after.id]);
  return await query.orderByRaw('created_at DESC, id DESC').limit(filter.count);
}

/** The present status and roles of these users; unknown ones are left out. */
export async function findUsers(tx: Tx, tenantId: string, ids: readonly string[]): Promise<User[]> {
  return await selectUsers(tx).where({ tenant_id: tenantId }).whereIn('id', ids);
}

/** The active users who hold any of these roles. */
export async function findActiveHolders(tx: Tx, tenantId: string, roles: readonly string[]): Promise<User[]> {
  const holders = tx('user_roles').select('user_id').where({ tenant_id: tenantId }).whereIn('role', roles);
  return await selectUsers(tx).where({ tenant_id: tenantId, status: 'active' }).whereIn('id', holders);
}

/** What changes of a user. */
export interface UserChange {
  readonly display_name_cipher?: string;
  readonly email_cipher?: string;
  readonly email_index?: string;
  readonly password_hash?: string | null;
  readonly must_change_password?: boolean;
  readonly status?: string;
  readonly updated_at: Date;
}

/** Changes a user and raises his version. */
export async function updateUser(
  tx: Tx,
  place: { readonly tenant_id: string; readonly id: string },
  change: UserChange,
): Promise<void> {
  await tx<UserRow>('users').where(place).update(change).increment('version', 1);
}

/** Notes a sign-in, and the newly computed hash when there is one; no version, it tells nothing new about the user. */
export async function noteSignIn(
  tx: Tx,
  account: { readonly tenant_id: string; readonly id: string },
  change: { readonly last_login_at: Date; readonly password_hash?: string },
): Promise<void> {
  await tx<UserRow>('users').where({ tenant_id: account.tenant_id, id: account.id }).update(change);
}

/** The accounts with this e-mail: of one tenant when it is named by id or name, otherwise of all. */
export async function findSignInAccounts(
  tx: Tx,
  emailIndex: string,
  tenant: string | undefined,
): Promise<SignInAccount[]> {
  const query = selectSignInAccounts(tx).where('users.email_index', emailIndex);
  if (tenant !== undefined)
    void query.whereRaw('(t.id::TEXT = ? OR t.name = ?)', [tenant.toLowerCase(), tenant]);
  return await query.limit(2);
}

/** The account of this user as it stands now. */
export async function findSignInAccount(
  tx: Tx,
  { tenant_id, id }: Pick<SignInAccount, 'tenant_id' | 'id'>,
): Promise<SignInAccount | undefined> {
  const place = { 'users.tenant_id': tenant_id, 'users.id': id };
  const [account] = await selectSignInAccounts(tx).where(place);
  return account;
}

function selectSignInAccounts(tx: Tx) {
  return tx('users')
    .join('tenants as t', 't.id', 'users.tenant_id')
    .select<SignInAccount[]>(
      'users.id',
      'users.tenant_id',
      'users.password_hash',
      'users.must_change_password',
      'users.status',
      't.status as tenant_status',
      tx.raw(KEY_OF_USER),
    );
}

const ROLES_OF_USER =
  'ARRAY(SELECT r.role FROM user_roles r WHERE r.tenant_id = users.tenant_id AND r.user_id = users.id ORDER BY r.role) AS roles';
const ADDRESS_OF_USER =
  '(SELECT a.address FROM approval_addresses a WHERE a.tenant_id = users.tenant_id AND a.user_id = users.id) AS approval_address';
const KEY_OF_USER =
  "(SELECT k.key_cipher FROM subject_keys k WHERE k.tenant_id = users.tenant_id AND k.subject = 'user:' || CAST(users.id AS TEXT)) AS key_cipher";
const HAS_ROLE =
  'EXISTS (SELECT 1 FROM user_roles r WHERE r.tenant_id = users.tenant_id AND r.user_id = users.id AND r.role = ?)';

function selectUsers(tx: Tx) {
  return tx('users').select<User[]>(
    ...COLUMNS,
    tx.raw(ROLES_OF_USER),
    tx.raw(ADDRESS_OF_USER),
    tx.raw(KEY_OF_USER),
  );
}
