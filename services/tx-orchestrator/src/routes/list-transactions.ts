import { ROUTES } from '@ironforge/contracts';
import {
  answerPage,
  type ApiRequest,
  type BoundRoute,
  bind,
  readCursor,
  type UserCaller,
} from '@ironforge/service-kit';
import { canonicalAddress } from '../chains.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { listRequests, type RequestFilter } from '../queries/tx-requests.ts';
import { ownerFilter } from '../requests/own-only.ts';
import { cursorOfView } from '../requests/request-cursor.ts';
import { showRequest } from '../requests/show-request.ts';
import { viewsOf } from '../requests/view.ts';

type Query = ApiRequest<(typeof ROUTES)['listTransactions'], UserCaller>['query'];

/** Transaction requests of the tenant. */
export function listTransactions({ store }: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.listTransactions, async ({ query, caller }) => {
    const filter = filterOf(query, caller);
    const rows = await store
      .forTenant(caller.tenantId)
      .transaction(
        async (tx) => await viewsOf(tx, caller.tenantId, await listRequests(tx, caller.tenantId, filter)),
        {
          isolation: 'read committed',
        },
      );
    return answerPage({ query, rows, cursorOf: cursorOfView, show: showRequest });
  });
}

function filterOf(query: Query, caller: UserCaller): RequestFilter {
  const { createdAfter, createdBefore, cursor, limit } = query;
  return {
    ownerId: ownerFilter(caller),
    equal: equalColumns(query),
    createdAfter,
    createdBefore,
    after: readCursor(cursor),
    count: limit + 1,
  };
}

function equalColumns(query: Query): Record<string, string> {
  const columns = {
    status: query.status,
    wallet_id: query.walletId,
    chain_id: query.chainId,
    from_address: query.from && canonicalAddress(query.from),
    to_address: query.to && canonicalAddress(query.to),
    tx_hash: query.txHash,
    user_id: query.createdBy,
    client_reference: query.clientReference,
  };
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
