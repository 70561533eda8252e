import { appError, type ChangeSubject } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import { isUniqueViolation, type Tx } from '@ironforge/store';
import type { OrchestratorDeps } from '../deps.ts';
import {
  dropDefault,
  findPolicy,
  insertPolicy,
  type StoredPolicy,
  updatePolicy,
} from '../queries/policies.ts';

type CreatePolicy = Extract<ChangeSubject, { kind: 'create_policy' }>;
type UpdatePolicy = Extract<ChangeSubject, { kind: 'update_policy' }>;

/** A write of a policy, whose it is, and by what it came. */
export interface PolicyWrite<Subject> {
  readonly tenantId: TenantId;
  readonly authorId: string;
  readonly subject: Subject;
  readonly cause: Cause;
}

type Deps = Pick<OrchestratorDeps, 'outbox' | 'events' | 'clock'>;

/** Stores a new policy; one that is the default takes the place of another. */
export async function writeNewPolicy(
  deps: Deps,
  tx: Tx,
  { tenantId, authorId, subject, cause }: PolicyWrite<CreatePolicy>,
): Promise<StoredPolicy> {
  const { policyId: id, name, description, rules, isDefault } = subject;
  const terms = { name, description, rules, is_default: isDefault, is_active: true };
  const place = { id, tenant_id: tenantId, version: 1, created_by: authorId, created_at: deps.clock() };
  const policy = { ...place, ...terms };
  if (isDefault) await dropDefault(tx, policy);
  await insertPolicy(tx, policy).catch(refuseRival);
  deps.outbox.add(tx, [policyMessage(deps, 'policy.created', { policy, cause })]);
  return policy;
}

/** Stores another version of a policy; undefined when it is not the one any more that it is based on. */
export async function writePolicy(
  deps: Deps,
  tx: Tx,
  { tenantId, authorId, subject, cause }: PolicyWrite<UpdatePolicy>,
): Promise<StoredPolicy | undefined> {
  const { policyId: id, base, name, description, rules, isDefault, isActive } = subject;
  const known = await findPolicy(tx, tenantId, id);
  if (known?.version !== base.version) return undefined;
  const at = deps.clock();
  const terms = { name, description, rules, is_default: isDefault, is_active: isActive };
  const policy = { ...known, ...terms, version: base.version + 1 };
  if (isDefault && !known.is_default) await dropDefault(tx, { tenant_id: tenantId, created_at: at });
  await updatePolicy(tx, policy, { authorId, at });
  deps.outbox.add(tx, [policyMessage(deps, 'policy.updated', { policy, cause })]);
  return policy;
}

/** Two that are to be the default at the same moment: one is. */
function refuseRival(error: unknown): never {
  if (isUniqueViolation(error, 'policies_default'))
    throw appError('version_conflict', { retry: 'later', cause: error });
  throw error;
}

function policyMessage(
  { events }: Deps,
  type: 'policy.created' | 'policy.updated',
  { policy, cause }: { readonly policy: StoredPolicy; readonly cause: Cause },
) {
  const { id, name, version, is_active: isActive, is_default: isDefault } = policy;
  const place = { tenantId: branded<TenantId>(policy.tenant_id), subject: id, version };
  return events.event(type, {
    ...place,
    cause,
    data: { policy: { id, name, version, isActive, isDefault } },
  });
}
