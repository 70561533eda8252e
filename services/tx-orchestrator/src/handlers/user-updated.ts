import { branded, hasCode, type TenantId } from '@ironforge/kernel';
import { causeOfMessage, type DomainEvent, type EventEffectHandler } from '@ironforge/service-kit';
import { isKeptWaiting, type Tx } from '@ironforge/store';
import { lookAgainAtChanges } from '../changes/resolve-quorum.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findWaitingDespite, type WaitingDespite } from '../queries/approvals.ts';
import { findChangesDespite } from '../queries/changes.ts';
import { lookAgain } from '../requests/resolve-quorums.ts';

type UserUpdated = DomainEvent<'user.updated'>;

/**
 * Somebody may count again, so what waits although he approved it (requests, replacements, changes) may have its quorum back. It is
 * looked at a page at a time, each in its own transaction, before the event is noted: to look at it again does nothing more. Throws the
 * first failure once everything else was looked at.
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
  const failures = [
    ...(await failuresOf(pagesOf(deps, findWaitingDespite, whose), (requestIds) =>
      lookAgain(deps, { tenantId, requestIds, cause }),
    )),
    ...(await failuresOf(pagesOf(deps, findChangesDespite, whose), (changeIds) =>
      lookAgainAtChanges(deps, { tenantId, changeIds, cause }),
    )),
  ];
  if (failures.length > 0) throw failures[0];
}

type Look = (ids: readonly string[]) => Promise<void>;

async function failuresOf(pages: AsyncIterable<readonly string[]>, look: Look): Promise<unknown[]> {
  const failures: unknown[] = [];
  for await (const ids of pages) failures.push(...(await failuresIn(ids, look)));
  return failures;
}

/** Looks at those of a page together, and at each alone when that fails: one that cannot be looked at keeps none of the others. */
async function failuresIn(ids: readonly string[], look: Look): Promise<unknown[]> {
  try {
    await look(ids);
    return [];
  } catch (error) {
    if (isOfAll(error)) throw error;
    if (ids.length === 1) return [error];
  }
  const failures: unknown[] = [];
  for (const id of ids) failures.push(...(await failuresIn([id], look)));
  return failures;
}

/** Nobody could be looked at now: identity or the database is away, or the tenant was suspended. */
function isOfAll(error: unknown): boolean {
  if (isKeptWaiting(error)) return false;
  return hasCode(error, 'dependency_down') || hasCode(error, 'permission_denied');
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
