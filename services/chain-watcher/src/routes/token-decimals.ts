import { appError, INTERNAL_ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bindForServices } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';

/** Says to other services what a token says of its decimals. */
export function tokenDecimals({ chains }: WatcherDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.tokenDecimals, async ({ body: { chainId, assetId } }) => {
    const { codec, node } = chains.get(chainId);
    if (!codec.isTransferable(assetId)) return appError('unknown_asset');
    return { status: 200, body: { decimals: await node.tokenDecimals(assetId) } };
  });
}
