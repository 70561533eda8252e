import { branded, hasCode, type TenantId } from '@ironforge/kernel';
import { causeOfMessage, type DomainEvent, type EventEffectHandler } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { lookAgainAtChanges } from '../changes/resolve-quorum.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findWaitingDespite, type WaitingDespite } from '../queries/approvals.ts';
import { findChangesDespite } from '../queries/changes.ts';
import { lookAgain } from '../requests/resolve-quorums.ts';

type UserUpdated = DomainEvent<'user.updated'>;

/**
 * Somebody may count again, so what waits although he approved it (requests, replacements, changes) may have its quorum back. It is
 * looked at a page at a time, each in its own transaction, before the event is noted: to look at it again does nothing more.
 */
export function userUpdated(deps: OrchestratorDeps): EventEffectHandler<'user.updated'> {
  return async (event) => {
    if (mayCountAgain(event)) await lookAtAll(deps, event).catch(letBeSuspended);
    return async () => {};
  };
}

function mayCountAgain({ data: { user, rightsChanged = true } }: UserUpdated): boolean {
  return user.status === 'active' && rightsChanged;
}

async function lookAtAll(deps: OrchestratorDeps, event: UserUpdated): Promise<void> {
  const tenantId = branded<TenantId>(event.tenantid);
  const cause = causeOfMessage(event, 'tx-orchestrator');
  const whose = { tenantId, approverId: event.data.user.id };
  for await (const requestIds of pagesOf(deps, findWaitingDespite, whose))
    await lookAgain(deps, { tenantId, requestIds, cause });
  for await (const changeIds of pagesOf(deps, findChangesDespite, whose))
    await lookAgainAtChanges(deps, { tenantId, changeIds, cause });
}

/** How many rows a transaction locks at most. */
const PAGE = 25;

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

type Find = (tx: Tx, tenantId: string, wanted: WaitingDespite) => Promise<readonly string[]>;

interface Whose {
  readonly tenantId: TenantId;
  readonly approverId: string;
}

async function* pagesOf(
  { store }: OrchestratorDeps,
  find: Find,
  { tenantId, approverId }: Whose,
): AsyncGenerator<readonly string[]> {
  let after: string | undefined = BEFORE_ALL;
  while (after !== undefined) {
    const wanted: WaitingDespite = { approverId, after, count: PAGE };
    const ids: readonly string[] = await store.forTenant(tenantId).read((tx) => find(tx, tenantId, wanted));
    if (ids.length > 0) yield ids;
    after = ids.length < PAGE ? undefined : ids.at(-1);
  }
}

/** In a suspended tenant nobody counts; the next approval looks again. */
function letBeSuspended(error: unknown): void {
  if (!hasCode(error, 'permission_denied')) throw error;
}
