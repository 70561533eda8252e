/** What decides about access, for a user `u` of a tenant `t`; roles and status are those of this moment. */
export const ACCESS_COLUMNS = `u.id AS user_id, u.tenant_id, u.status AS user_status, t.status AS tenant_status,
  t.max_wallets, t.max_transactions_per_day, t.api_rate_limit,
  ARRAY(SELECT r.role FROM user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.id) AS roles`;

/** A row with those columns. */
export interface AccessRow {
  readonly user_id: string;
  readonly tenant_id: string;
  readonly user_status: string;
  readonly tenant_status: string;
  readonly max_wallets: number;
  readonly max_transactions_per_day: number;
  readonly api_rate_limit: number;
  readonly roles: string[];
}
