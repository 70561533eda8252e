import { branded, type TenantId } from '@ironforge/kernel';
import type { ChangeRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import { askPeople, type People } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findNextApproved, lockChange } from '../queries/changes.ts';
import { OWN_CAUSE } from '../sweepers/each-place.ts';
import { carryOutChange, type ChangeReason } from './carry-out-change.ts';
import { approvedBy, changeViewsOf, contentOf, isComplete, votersOf } from './change-view.ts';
import { readRulesInForce } from './rules-in-force.ts';
import { writeNewPolicy, writePolicy } from './write-policy.ts';

/**
 * Applies the approved changes of a tenant, one after the other in the order in which their quorums were complete. Before
 * each, identity is asked anew: whoever lost his rights meanwhile counts no more.
 */
export async function applyChanges(deps: OrchestratorDeps, tenantId: TenantId): Promise<void> {
  const scope = deps.store.forTenant(tenantId);
  for (;;) {
    const next = await scope.transaction((tx) => findNextApproved(tx, tenantId));
    if (next === undefined) return;
    const people = await askPeople(deps, { tenantId, userIds: votersOf(next) });
    await scope.transaction((tx) => applyOne(deps, tx, { id: next.id, tenantId, people }));
  }
}

interface Next {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly people: People;
}

async function applyOne(deps: OrchestratorDeps, tx: Tx, { id, tenantId, people }: Next): Promise<void> {
  const row = await lockChange(tx, tenantId, id);
  if (row?.status !== 'approved') return; // another process was faster
  const [view = { row, approvals: [] }] = await changeViewsOf(tx, tenantId, [row]);
  const order = { row, cause: OWN_CAUSE };
  if (!isComplete(row, approvedBy(view), people)) {
    await carryOutChange(deps, tx, { ...order, command: { type: 'loseQuorum' } });
    return;
  }
  const reason = (await staleBase(tx, row)) ?? (await write(deps, tx, row));
  if (reason === null) await carryOutChange(deps, tx, { ...order, command: { type: 'apply' } });
  else await carryOutChange(deps, tx, { ...order, command: { type: 'refuse' }, reason });
}

/** Another default policy would ask others: what was approved under the old one does not count any more. */
async function staleBase(tx: Tx, row: ChangeRow): Promise<ChangeReason | null> {
  const { policy } = await readRulesInForce(tx, row.tenant_id);
  const isSame = (policy?.id ?? null) === row.policy_id && (policy?.version ?? null) === row.policy_version;
  return isSame ? null : 'stale_base';
}

async function write(deps: OrchestratorDeps, tx: Tx, row: ChangeRow): Promise<ChangeReason | null> {
  const { subject } = contentOf(row);
  const tenantId = branded<TenantId>(row.tenant_id);
  const place = { tenantId, authorId: row.author_id, cause: OWN_CAUSE };
  if (subject.kind === 'create_policy') {
    await writeNewPolicy(deps, tx, { ...place, subject });
    return null;
  }
  if (subject.kind !== 'update_policy') throw new Error(`${subject.kind} has no owner`);
  return (await writePolicy(deps, tx, { ...place, subject })) === undefined ? 'stale_base' : null;
}
