import type { ChangeSubject } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import type { ChangeRow } from '@ironforge/schema';
import type { Tx } from '@ironforge/store';
import { askPeople, type People } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findNextApproved, lockChange, noteFailedChange, noteHandOver } from '../queries/changes.ts';
import { versionOf } from '../requests/decided-by.ts';
import { OWN_CAUSE } from '../sweepers/each-place.ts';
import { carryOutChange, type ChangeReason } from './carry-out-change.ts';
import { approvedBy, changeViewsOf, contentOf, isComplete, votersOf } from './change-view.ts';
import { type Foreign, handOver } from './hand-over.ts';
import { readRulesInForce } from './rules-in-force.ts';
import { writeNewPolicy, writePolicy } from './write-policy.ts';

/**
 * Applies the approved changes of a tenant, one after the other in the order in which their quorums were complete. Before
 * each, identity is asked anew: whoever lost his rights meanwhile counts no more. What belongs to another service is first
 * noted as handed over: from then on it is carried through, since nobody knows whether a call that was lost had its effect.
 * One that fails again and again lets those behind it pass, for a while at a time.
 */
export async function applyChanges(deps: OrchestratorDeps, tenantId: TenantId): Promise<void> {
  const scope = deps.store.forTenant(tenantId);
  for (;;) {
    const next = await scope.transaction((tx) => findNextApproved(tx, tenantId));
    if (next === undefined) return;
    const people = await askPeople(deps, { tenantId, userIds: votersOf(next) });
    await apply(deps, next, people).catch((error: unknown) => passOver(deps, next, error));
  }
}

/** How often a change may fail as the first in line, and for how long others go first then. */
const PATIENCE = { failures: 5, passedOverMs: 30_000 };

async function apply(deps: OrchestratorDeps, next: ChangeRow, people: People): Promise<void> {
  const tenantId = branded<TenantId>(next.tenant_id);
  const scope = deps.store.forTenant(tenantId);
  const order = { id: next.id, tenantId, people };
  const foreign = await scope.transaction((tx) => applyOne(deps, tx, order));
  if (foreign === null) return;
  const reason = await handOver(deps, next, foreign);
  await scope.transaction((tx) => settle(deps, tx, { id: next.id, tenantId, reason }));
}

/** Counts the failure. While the change is still first in line all wait for it, so the failure is thrown. */
async function passOver({ store, log }: OrchestratorDeps, change: ChangeRow, error: unknown): Promise<void> {
  const scope = store.forTenant(branded<TenantId>(change.tenant_id));
  const failures = (await scope.transaction((tx) => noteFailedChange(tx, change, PATIENCE))) ?? 0;
  if (failures < PATIENCE.failures) throw error;
  const { tenant_id: tenantId, id } = change;
  log.error(
    { alert: 'change_not_applied', tenantId, changeId: id, failures, err: error },
    'an approved change cannot be applied; those behind it go on, and it is tried again',
  );
}

interface Next {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly people: People;
}

/** Gives what another service has to do; null when there is nothing left to do. */
async function applyOne(
  deps: OrchestratorDeps,
  tx: Tx,
  { id, tenantId, people }: Next,
): Promise<Foreign | null> {
  const row = await lockChange(tx, tenantId, id);
  if (row?.status !== 'approved') return null; // another process was faster
  const { subject } = contentOf(row);
  if (row.handed_over_at !== null && isForeign(subject)) return subject;
  const [view = { row, approvals: [] }] = await changeViewsOf(tx, tenantId, [row]);
  const order = { row, cause: OWN_CAUSE };
  if (!isComplete(row, approvedBy(view), people)) {
    await carryOutChange(deps, tx, { ...order, command: { type: 'loseQuorum' } });
    return null;
  }
  const stale = await staleBase(tx, row);
  if (stale === null && isForeign(subject)) {
    await noteHandOver(tx, row, deps.clock());
    return subject;
  }
  await finish(deps, tx, { row, reason: stale ?? (await write(deps, tx, row)) });
  return null;
}

interface Settled {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly reason: ChangeReason | null;
}

/** Another process may have settled it already, with the same outcome. */
async function settle(deps: OrchestratorDeps, tx: Tx, { id, tenantId, reason }: Settled): Promise<void> {
  const row = await lockChange(tx, tenantId, id);
  if (row?.status === 'approved') await finish(deps, tx, { row, reason });
}

async function finish(
  deps: OrchestratorDeps,
  tx: Tx,
  { row, reason }: Pick<Settled, 'reason'> & { readonly row: ChangeRow },
): Promise<void> {
  const order = { row, cause: OWN_CAUSE };
  if (reason === null) await carryOutChange(deps, tx, { ...order, command: { type: 'apply' } });
  else await carryOutChange(deps, tx, { ...order, command: { type: 'refuse' }, reason });
}

function isForeign(subject: ChangeSubject): subject is Foreign {
  return subject.kind !== 'create_policy' && subject.kind !== 'update_policy';
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
  const cause = { ...OWN_CAUSE, policy: versionOf(row.policy_id, row.policy_version) };
  const place = { tenantId, authorId: row.author_id, cause };
  if (subject.kind === 'create_policy') await writeNewPolicy(deps, tx, { ...place, subject });
  if (subject.kind !== 'update_policy') return null;
  return (await writePolicy(deps, tx, { ...place, subject })) === undefined ? 'stale_base' : null;
}
