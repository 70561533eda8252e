import type { TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { quorumStatus } from '@ironforge/tx-core';
import { askPeople, type People } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findGroups } from '../queries/approvals.ts';
import { lockRequests, type RequestRow } from '../queries/tx-requests.ts';
import { carryOut } from './carry-out.ts';
import { askedBy } from './decided-by.ts';
import { LOCKING } from './locking-scope.ts';
import { approversOf, presentAlternativesOf, type RequestView, viewsOf } from './view.ts';

/**
 * Looks once more at a request that just lost its quorum: it did by what identity had said before the lane was free, and whoever was
 * reinstated meanwhile was told of while nothing waited for him. Never throws: what lost its quorum is looked at now and then.
 */
export async function resolveAgain(deps: OrchestratorDeps, lost: LostQuorum): Promise<void> {
  const { tenantId, requestId, cause } = lost;
  try {
    await lookAgain(deps, { tenantId, requestIds: [requestId], cause });
  } catch (error) {
    deps.log.warn({ err: error, tenantId, requestId }, 'a quorum that was lost was not looked at at once');
  }
}

/** Which request lost it, and by whose call. */
export interface LostQuorum {
  readonly tenantId: TenantId;
  readonly requestId: string;
  readonly cause: Cause;
}

/** Asks identity who counts now, and approves what has enough approvals by that. Throws as the question does. */
export async function lookAgain(
  deps: OrchestratorDeps,
  { tenantId, requestIds, cause }: LookingAgain,
): Promise<void> {
  const scope = deps.store.forTenant(tenantId);
  const groups = await scope.read((tx) => findGroups(tx, tenantId, requestIds));
  const userIds = groups.flatMap(({ approver_ids }) => approver_ids);
  const people = await askPeople(deps, { tenantId, userIds: [...new Set(userIds)] });
  const resolving = { tenantId, requestIds, people, cause };
  await scope.transaction((tx) => resolveQuorums(deps, tx, resolving), LOCKING);
}

/** Requests of one tenant, and by whose call they are looked at. */
export interface LookingAgain {
  readonly tenantId: TenantId;
  readonly requestIds: readonly string[];
  readonly cause: Cause;
}

interface Resolving {
  readonly tenantId: string;
  readonly requestIds: readonly string[];
  readonly people: People;
  readonly cause: Cause;
}

/** Approves what has enough approvals by now, requests and their replacements; what has not stays as it is. */
async function resolveQuorums(
  deps: OrchestratorDeps,
  tx: Tx,
  { tenantId, requestIds, people, cause }: Resolving,
): Promise<void> {
  const rows: readonly RequestRow[] = await lockRequests(tx, tenantId, requestIds);
  for (const view of await viewsOf(tx, tenantId, rows)) {
    for (const intentHash of hashesWithQuorum(view, people)) {
      const policy = askedBy(view.groups, intentHash);
      await carryOut(deps, tx, {
        row: view.row,
        command: { type: 'resolveQuorum', intentHash },
        cause,
        policy,
      });
    }
  }
}

/** Of the intents that people are asked about, the one of the request or that of a replacement, those that have enough. */
function hashesWithQuorum(view: RequestView, people: People): readonly string[] {
  const { status, intent_hash, state } = view.row;
  const own = status === 'pending_approval' ? [intent_hash] : [];
  const replacements = state.attempts.filter((attempt) => attempt.state === 'pending_approval');
  const asked = [...own, ...replacements.map(({ intentHash }) => intentHash)];
  const hasQuorum = (hash: string) =>
    quorumStatus(presentAlternativesOf(view, hash, people), approversOf(view, hash, people.approverIds))
      .isMet;
  return asked.filter(hasQuorum);
}
