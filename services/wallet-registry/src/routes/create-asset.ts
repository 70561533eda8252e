import { appError, ROUTES } from '@ironforge/contracts';
import {
  answerOnce,
  type ApiRequest,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import { readAssetId } from '../assets/read-asset-id.ts';
import { refuseOtherDecimals } from '../assets/refuse-other-decimals.ts';
import { showAsset } from '../assets/show-asset.ts';
import type { RegistryDeps } from '../deps.ts';
import { type Asset, insertAsset } from '../queries/assets.ts';

type Request = ApiRequest<typeof ROUTES.createAsset, UserCaller>;

/** Make a token known to the tenant; from then on the watcher follows its transfers. */
export function createAsset(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.createAsset, async (request) => {
    const { tenantId } = request.caller;
    const asset = newAsset(deps, request);
    await refuseOtherDecimals(deps, asset, request.requestId);
    const { logoUrl: _notTold, ...told } = showAsset(asset);
    const event = deps.events.event('asset.created', {
      tenantId,
      subject: asset.asset_id,
      version: 1,
      cause: causeOfRequest(request),
      data: { asset: told },
    });
    const once = { scope: deps.store.forTenant(tenantId), claim: request.idempotency };
    return answerOnce(once, async (tx) => {
      if (!(await insertAsset(tx, asset))) return appError('asset_exists');
      deps.outbox.add(tx, [event]);
      return { status: 201, body: showAsset(asset) };
    });
  });
}

/** Throws `unknown_chain`, `validation_failed`, and `asset_exists` for a chain's own coin. */
function newAsset({ chains, clock }: RegistryDeps, { body, caller }: Request): Asset {
  const chain = chains.find(body.chainId);
  if (chain === undefined)
    throw appError('unknown_chain', { errors: [{ pointer: '/chainId', code: 'unknown_chain' }] });
  const assetId = readAssetId(chain, body.assetId);
  if (assetId === chain.nativeAssetId) throw appError('asset_exists');
  const now = clock();
  return {
    tenant_id: caller.tenantId,
    asset_id: assetId,
    chain_id: chain.chainId,
    symbol: body.symbol,
    name: body.name,
    decimals: body.decimals,
    logo_url: body.logoUrl ?? null,
    version: 1,
    created_at: now,
    updated_at: now,
  };
}
