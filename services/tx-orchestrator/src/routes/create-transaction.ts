import { appError, ROUTES } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import {
  type ApiRequest,
  askThenAnswerOnce,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { OrchestratorDeps } from '../deps.ts';
import { judgeSubmission } from '../policies/judge-submission.ts';
import { countRequest, isDayFull } from '../queries/daily-tx-counts.ts';
import { readNow } from '../queries/now.ts';
import { findPolicyInForce } from '../queries/policies.ts';
import { LOCKING, sharedScope } from '../requests/locking-scope.ts';
import { storeRequest } from '../requests/new-request.ts';
import { showRequest } from '../requests/show-request.ts';
import { readWish, type Wish } from '../requests/wish.ts';

type Request = ApiRequest<(typeof ROUTES)['createTransaction'], UserCaller>;

/** Ask to move value; rules and approvers decide. */
export function createTransaction(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.createTransaction, async (request) => {
    // The windows of rules are hot rows: locked before they are read, so read committed is right.
    const { body, caller, idempotency: claim } = request;
    const scope =
      body.submit === false ? sharedScope(deps, caller.tenantId) : deps.store.forTenant(caller.tenantId);
    const once = { scope, claim, transaction: LOCKING };
    const ask = () => readWish(deps, request);
    const answer = askThenAnswerOnce(once, ask, async (tx, wish) => {
      const view = await store(deps, tx, { request, wish });
      countOne(deps, tx, { caller, wish });
      return {
        status: 201,
        body: showRequest(view),
        headers: { Location: `/v1/transactions/${view.row.id}` },
      };
    });
    return await answer.catch(refuseFullDay);
  });
}

async function store(
  deps: OrchestratorDeps,
  tx: Tx,
  { request, wish }: { readonly request: Request; readonly wish: Wish },
) {
  const { caller, body } = request;
  const { now, judgement } = await judgeAtOnce(tx, { caller, wish });
  const extras = { note: body.note ?? null, metadata: body.metadata ?? {} };
  return await storeRequest(deps, tx, {
    wish,
    judgement,
    simulation: wish.atOnce?.simulation ?? null,
    caller,
    gapNonce: null,
    extras,
    cause: causeOfRequest(request),
    now,
  });
}

/** The database's time, and what the rules say of a wish that is submitted at once; a draft is judged later. */
async function judgeAtOnce(tx: Tx, { caller, wish }: Wished) {
  const { atOnce, wallet } = wish;
  if (atOnce === null) return { now: await readNow(tx), judgement: null };
  const [now, policy] = await Promise.all([
    readNow(tx),
    findPolicyInForce(tx, caller.tenantId, wallet.policyId),
  ]);
  const who = { initiator: caller, initiatorIds: [caller.userId] };
  return {
    now,
    judgement: await judgeSubmission(tx, { ...wish, ...atOnce, ...who, policy, submittedAt: now }),
  };
}

function countOne({ clock }: OrchestratorDeps, tx: Tx, { caller, wish }: Wished): void {
  const day = clock().toISOString().slice(0, 10);
  const { maxTransactionsPerDay: max } = wish.people;
  if (max < 1) throw fullDay();
  countRequest(tx, caller.tenantId, { day, max });
}

function refuseFullDay(error: unknown): never {
  throw isDayFull(error) ? fullDay(error) : error;
}

function fullDay(cause?: unknown): AppError {
  return appError('plan_limit_reached', { detail: 'transactions a day', cause });
}

interface Wished {
  readonly caller: UserCaller;
  readonly wish: Wish;
}
