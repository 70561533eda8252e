import type { Answer } from '@ironforge/service-kit';
import type { StoredPolicy } from '../queries/policies.ts';
import { tagOf } from './policy-tag.ts';

/** An answer that shows one policy, with its entity tag. */
export function answerPolicy(policy: StoredPolicy): Answer {
  return { status: 200, body: showPolicy(policy), headers: { ETag: tagOf(policy) } };
}

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
