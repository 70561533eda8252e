import { ROUTES } from '@ironforge/contracts';
import {
  answerPage,
  type ApiRequest,
  type BoundRoute,
  bind,
  cursorOfRow,
  readCursor,
  type UserCaller,
} from '@ironforge/service-kit';
import { canonicalAddress } from '../chains.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findNearestLeaseEndMs, listTasks, type TaskPage, type TaskRow } from '../queries/signing-tasks.ts';
import { ownerFilter } from '../requests/own-only.ts';
import { type Look, poll } from '../tasks/poll.ts';
import { showTask } from '../tasks/show-task.ts';

type Request = ApiRequest<(typeof ROUTES)['listSigningTasks'], UserCaller>;

/** What can be signed now; waits for a first task when it is asked to. */
export function listSigningTasks(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.listSigningTasks, async (request) => {
    const { query, caller, hungUp } = request;
    const page = pageOf(request);
    const look = () => lookFor(deps, caller, page);
    const rows = await poll(deps.polls, {
      tenantId: caller.tenantId,
      waitSeconds: query.wait,
      hungUp,
      look,
    });
    return answerPage({ query, rows, cursorOf: cursorOfTask, show: showTask });
  });
}

function pageOf({ query, caller }: Request): TaskPage {
  const { walletId = null, address, except = [], cursor, limit } = query;
  return {
    ownerId: ownerFilter(caller),
    walletId,
    addresses: address?.map(canonicalAddress) ?? null,
    except,
    after: readCursor(cursor),
    count: limit + 1,
  };
}

async function lookFor(
  { store }: OrchestratorDeps,
  { tenantId }: UserCaller,
  page: TaskPage,
): Promise<Look<TaskRow>> {
  return await store.forTenant(tenantId).transaction(
    async (tx) => {
      const found = await listTasks(tx, tenantId, page);
      const { after: _after, count: _count, ...filter } = page;
      const nextMs = found.length > 0 ? null : await findNearestLeaseEndMs(tx, tenantId, filter);
      return { found, nextMs };
    },
    { isolation: 'read committed' },
  );
}

function cursorOfTask({ since, id }: TaskRow): string {
  return cursorOfRow({ createdAt: since, id });
}
