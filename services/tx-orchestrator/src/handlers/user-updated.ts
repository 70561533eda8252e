import { hasCode } from '@ironforge/kernel';
import { causeOfMessage, type DomainEvent, type EventEffectHandler } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { askPeople, type People } from '../asks/people.ts';
import { votersOf } from '../changes/change-view.ts';
import { resolveChangeQuorum } from '../changes/resolve-quorum.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findGroups, findWaitingDespite } from '../queries/approvals.ts';
import { findChangesDespite } from '../queries/changes.ts';
import { lockingScope } from '../requests/locking-scope.ts';
import { resolveQuorums } from '../requests/resolve-quorums.ts';

type UserUpdated = DomainEvent<'user.updated'>;

/** What was found before the transaction: the requests and changes that may have their quorum back, and who counts now. */
interface Findings {
  readonly requestIds: readonly string[];
  readonly changeIds: readonly string[];
  readonly people: People;
}

/** Somebody may count again, so what waits although he approved it (requests, replacements, changes) may have its quorum back. */
export function userUpdated(deps: OrchestratorDeps): EventEffectHandler<'user.updated'> {
  return async (event) => {
    const findings = event.data.user.status === 'active' ? await find(deps, event) : null;
    return async (tx) => {
      if (findings !== null) await resolveAll(deps, tx, { event, findings });
    };
  };
}

async function find(deps: OrchestratorDeps, event: UserUpdated): Promise<Findings | null> {
  const { userIds, ...waiting } = await lockingScope(deps.store, event).transaction((tx) => read(tx, event));
  if (waiting.requestIds.length + waiting.changeIds.length === 0) return null;
  const people = await ask(deps, event.tenantid, userIds);
  return people && { ...waiting, people };
}

async function read(tx: Tx, { tenantid, data }: UserUpdated) {
  const requestIds = await findWaitingDespite(tx, tenantid, data.user.id);
  const groups = await findGroups(tx, tenantid, requestIds);
  const changes = await findChangesDespite(tx, tenantid, data.user.id);
  const userIds = [...groups.flatMap(({ approver_ids }) => approver_ids), ...changes.flatMap(votersOf)];
  return { requestIds, changeIds: changes.map(({ id }) => id), userIds };
}

/** In a suspended tenant nobody counts; the next approval looks again. */
async function ask(deps: OrchestratorDeps, tenantId: string, userIds: string[]): Promise<People | null> {
  try {
    return await askPeople(deps, { tenantId, userIds });
  } catch (error) {
    if (hasCode(error, 'permission_denied')) return null;
    throw error;
  }
}

async function resolveAll(
  deps: OrchestratorDeps,
  tx: Tx,
  { event, findings }: { readonly event: UserUpdated; readonly findings: Findings },
): Promise<void> {
  const cause = causeOfMessage(event, 'tx-orchestrator');
  const { tenantid: tenantId } = event;
  const { requestIds, changeIds, people } = findings;
  await resolveQuorums(deps, tx, { tenantId, requestIds, people, cause });
  for (const id of changeIds) await resolveChangeQuorum(deps, tx, { tenantId, id, people, cause });
}
