import type { EvmSigned } from '@ironforge/chain-evm';
import { appError, ROUTES } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import {
  type ApiRequest,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import { askTransfer } from '../asks/destination.ts';
import { askPeople } from '../asks/people.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findAttemptByLease } from '../queries/tx-attempts.ts';
import { storedIntent } from '../requests/attempts.ts';
import { initiatorIdsOf, peopleBehind } from '../requests/recheck.ts';
import { refuseSignature } from '../requests/refuse-signature.ts';
import { resolveAgain } from '../requests/resolve-quorums.ts';
import { showRequest } from '../requests/show-request.ts';
import { type BareView } from '../requests/view.ts';
import { storeSignature } from '../requests/store-signature.ts';
import { findBareView } from '../requests/find-view.ts';

type Request = ApiRequest<(typeof ROUTES)['submitSignature'], UserCaller>;

/** Hand in the signed bytes; they must be exactly what was approved. */
export function submitSignature(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.submitSignature, async (request) => {
    const { view, attempt } = await find(deps, request);
    const refused = { requestId: view.row.id, leaseId: request.body.leaseId, cause: causeOfRequest(request) };
    const scope = { tenantId: request.caller.tenantId, ...refused };
    if (attempt === undefined) return await refuseSignature(deps, scope, { error: appError('lease_lost') });
    const verified = verify(deps, request, { view, attempt });
    if (verified instanceof AppError) return await refuseSignature(deps, scope, { error: verified });
    const known = await ask(deps, request, { view, attempt });
    const lane = { tenantId: view.row.tenant_id, chainId: attempt.chain_id, address: attempt.address };
    const stored = await deps.withLane(lane, (tx) =>
      storeSignature(deps, tx, { request, lane, attempt, signed: verified, ...known }),
    );
    if (stored instanceof AppError) {
      if (stored.code === 'quorum_missing') await resolveAgain(deps, scope);
      return await refuseSignature(deps, scope, { error: stored });
    }
    return { status: 200, body: showRequest(stored) };
  });
}

interface Found {
  readonly view: BareView;
  readonly attempt: TxAttemptRow | undefined;
}

async function find({ store }: OrchestratorDeps, { caller, params, body }: Request): Promise<Found> {
  return await store.forTenant(caller.tenantId).read(async (tx) => {
    const [view, attempt] = await Promise.all([
      findBareView(tx, caller, params.id),
      findAttemptByLease(tx, caller.tenantId, body.leaseId),
    ]);
    return { view, attempt: attempt?.tx_request_id === view.row.id ? attempt : undefined };
  });
}

/** The bytes taken apart when they are exactly the intent on this nonce; otherwise the fields that differ. */
function verify(
  { chainById }: OrchestratorDeps,
  { body }: Request,
  { view, attempt }: { readonly view: BareView; readonly attempt: TxAttemptRow },
): EvmSigned | AppError {
  const { codec } = chainById(attempt.chain_id);
  const intent = storedIntent({ chainById }, view.row, attempt);
  const verdict = codec.verifyAgainst(intent, { nonce: Number(attempt.nonce) }, body.signedTransaction);
  if ('accepted' in verdict) return verdict.accepted;
  const pointer = '/signedTransaction';
  if ('malformed' in verdict) {
    return appError('validation_failed', {
      errors: [{ pointer, code: 'malformed', detail: verdict.malformed }],
    });
  }
  const errors = verdict.differs.map((field) => ({ pointer, code: 'differs', field }));
  return appError('signed_bytes_differ', { detail: verdict.differs.join(', '), errors });
}

async function ask(
  deps: OrchestratorDeps,
  { requestId }: Request,
  { view, attempt }: { readonly view: BareView; readonly attempt: TxAttemptRow },
) {
  const { tenant_id: tenantId, wallet_id: walletId, asset_id: assetId } = view.row;
  const intent = storedIntent(deps, view.row, attempt);
  const [people, { wallet, destination }] = await Promise.all([
    askPeople(deps, { tenantId, userIds: peopleBehind(view), requestId }),
    askTransfer(deps, { walletId, assetId, intent, initiatorIds: initiatorIdsOf(view.row), requestId }),
  ]);
  if (wallet === null) throw appError('not_found', { detail: 'the wallet is gone' });
  return { people, wallet, destination };
}
