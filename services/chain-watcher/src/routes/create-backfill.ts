import { appError, ROUTES } from '@ironforge/contracts';
import { answerOnce, type ApiRequest, type BoundRoute, bind, type UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { WatcherDeps } from '../deps.ts';
import { insertBackfill } from '../queries/backfills.ts';
import { findWallet } from './find-wallet.ts';
import { showBackfill } from './show-backfill.ts';

type Request = ApiRequest<typeof ROUTES.createBackfill, UserCaller>;

/** Begins to read older blocks for a wallet, up to where it began to be watched. */
export function createBackfill(deps: WatcherDeps): BoundRoute {
  return bind(ROUTES.createBackfill, async (request) => {
    const once = { scope: deps.store.forTenant(request.caller.tenantId), claim: request.idempotency };
    return await answerOnce(once, (tx) => begin(deps, tx, request));
  });
}

async function begin({ newId }: WatcherDeps, tx: Tx, { caller, params, body }: Request) {
  const { from_height: watchedFrom, ...wallet } = await findWallet(tx, caller, params.id);
  const to_height = Number(watchedFrom);
  if (body.fromHeight > to_height)
    throw appError('validation_failed', { errors: [{ pointer: '/fromHeight', code: 'too_big' }] });
  const began = { ...wallet, id: newId(), from_height: body.fromHeight, to_height };
  const backfill = await insertBackfill(tx, began);
  if (backfill === undefined) return appError('backfill_running');
  return { status: 201, body: showBackfill(backfill) };
}
