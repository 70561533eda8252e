import { appError, INTERNAL_ROUTES } from '@ironforge/contracts';
import type { RegistryDeps } from '../deps.ts';
import type { Asset } from '../queries/assets.ts';

/**
 * Asks the token itself: by its decimals people read what they approve, and nothing sets them right afterwards. A token that does not
 * say is taken at the word of who registers it. Throws `validation_failed`, and `dependency_down` while no node answers.
 */
export async function refuseOtherDecimals(
  { call }: Pick<RegistryDeps, 'call'>,
  { chain_id: chainId, asset_id: assetId, decimals }: Asset,
  requestId: string,
): Promise<void> {
  const { decimals: said } = await call(INTERNAL_ROUTES.tokenDecimals, {
    body: { chainId, assetId },
    requestId,
  });
  if (said === null || said === decimals) return;
  const detail = `the token says ${said}`;
  throw appError('validation_failed', {
    errors: [{ pointer: '/decimals', code: 'decimals_differ', detail }],
  });
}
