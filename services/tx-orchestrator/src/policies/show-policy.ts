import type { StoredPolicy } from '../queries/policies.ts';

/** A policy as the API shows it. */
export function showPolicy(policy: StoredPolicy) {
  const { id, name, description, version, rules } = policy;
  return {
    id,
    name,
    description,
    version,
    isActive: policy.is_active,
    isDefault: policy.is_default,
    rules,
    createdBy: policy.created_by,
    createdAt: policy.created_at.toISOString(),
  };
}
