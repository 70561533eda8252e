import type { PolicyRuleInput } from '@ironforge/contracts';
import type { PolicyRow, PolicyVersionRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';

const COLUMNS = [
  'p.id',
  'p.tenant_id',
  'p.name',
  'p.description',
  'p.version',
  'p.is_active',
  'p.is_default',
  'p.created_by',
  'p.created_at',
  'v.rules',
];

/** A policy with the rules of its version in force. */
export type StoredPolicy = Omit<PolicyRow, 'updated_at'> & { readonly rules: PolicyRuleInput[] };

/** What decides a request. */
export type PolicyInForce = Pick<StoredPolicy, 'id' | 'version' | 'rules'>;

/** One version of a policy's rules. */
export type StoredVersion = Omit<PolicyVersionRow, 'rules'> & { readonly rules: PolicyRuleInput[] };

/** The page of a list. */
export interface PageFilter {
  readonly after: RowPlace | null;
  readonly count: number;
}

/** Stores a new policy with its first version. */
export async function insertPolicy(tx: Tx, { rules, ...policy }: StoredPolicy): Promise<void> {
  const { id, tenant_id, version, created_by, created_at } = policy;
  await tx('policies').insert({ ...policy, updated_at: created_at });
  await tx('policy_versions').insert({
    tenant_id,
    policy_id: id,
    version,
    created_by,
    created_at,
    rules: JSON.stringify(rules),
  });
}

/** Stores another version of a policy. */
export async function updatePolicy(
  tx: Tx,
  { rules, ...policy }: StoredPolicy,
  { authorId, at }: { readonly authorId: string; readonly at: Date },
): Promise<void> {
  const { id, tenant_id, name, description, version, is_active, is_default } = policy;
  await tx('policies')
    .where({ tenant_id, id })
    .update({ name, description, version, is_active, is_default, updated_at: at });
  await tx('policy_versions').insert({
    tenant_id,
    policy_id: id,
    version,
    created_by: authorId,
    created_at: at,
    rules: JSON.stringify(rules),
  });
}

/** All policies of a tenant, with the rules in force. */
export async function findEveryPolicy(tx: Tx, tenantId: string): Promise<StoredPolicy[]> {
  return await selectPolicies(tx).where({ 'p.tenant_id': tenantId });
}

/** True when the tenant has a default policy. */
export async function hasDefaultPolicy(tx: Tx, tenantId: string): Promise<boolean> {
  const rows = await tx('policies').select('id').where({ tenant_id: tenantId, is_default: true });
  return rows.length > 0;
}

/** Takes the flag from the default that another policy replaces; the event of that one tells it. */
export async function dropDefault(
  tx: Tx,
  { tenant_id, created_at }: Pick<StoredPolicy, 'tenant_id' | 'created_at'>,
): Promise<void> {
  await tx('policies')
    .where({ tenant_id, is_default: true })
    .update({ is_default: false, updated_at: created_at });
}

/** One policy. */
export async function findPolicy(tx: Tx, tenantId: string, id: string): Promise<StoredPolicy | undefined> {
  const [policy] = await selectPolicies(tx).where({ 'p.tenant_id': tenantId, 'p.id': id });
  return policy;
}

/** The wallet's policy, else the tenant's default. */
export async function findPolicyInForce(
  tx: Tx,
  tenantId: string,
  walletPolicyId: string | null,
): Promise<PolicyInForce | undefined> {
  const query = selectPolicies(tx).where({ 'p.tenant_id': tenantId, 'p.is_active': true });
  const [policy] = await (walletPolicyId === null
    ? query.where({ 'p.is_default': true })
    : query.where({ 'p.id': walletPolicyId }));
  return policy;
}

/** Policies, newest first. */
export async function listPolicies(
  tx: Tx,
  tenantId: string,
  { after, count }: PageFilter,
): Promise<StoredPolicy[]> {
  const query = selectPolicies(tx).where({ 'p.tenant_id': tenantId });
  if (after !== null) void query.whereRaw('(p.created_at, p.id) < (?, ?)', [after.createdAt, after.id]);
  return await query.orderByRaw('p.created_at DESC, p.id DESC').limit(count);
}

/** Versions of a policy below `beforeVersion`, newest first. */
export async function listVersions(
  tx: Tx,
  tenantId: string,
  filter: { readonly policyId: string; readonly beforeVersion: number | null; readonly count: number },
): Promise<StoredVersion[]> {
  const query = tx('policy_versions')
    .select<StoredVersion[]>('tenant_id', 'policy_id', 'version', 'rules', 'created_by', 'created_at')
    .where({ tenant_id: tenantId, policy_id: filter.policyId });
  if (filter.beforeVersion !== null) void query.where('version', '<', filter.beforeVersion);
  return await query.orderBy('version', 'desc').limit(filter.count);
}

function selectPolicies(tx: Tx) {
  return tx('policies as p')
    .select<StoredPolicy[]>(...COLUMNS)
    .join('policy_versions as v', (on) =>
      on.on('v.tenant_id', 'p.tenant_id').on('v.policy_id', 'p.id').on('v.version', 'p.version'),
    );
}
