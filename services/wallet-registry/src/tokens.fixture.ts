import { appError, INTERNAL_ROUTES } from '@ironforge/contracts';
import { bindForServices, type SigningKey } from '@ironforge/service-kit';
import { startNeighbour } from './neighbour.fixture.ts';

/** What the watcher hears from tokens: their decimals, by asset; those that are not here do not say. */
export interface Tokens {
  isDown: boolean;
  readonly decimals: Map<string, number>;
}

/** The watcher as the registry sees it. */
export async function startTokens(key: SigningKey) {
  const said: Tokens = { isDown: false, decimals: new Map() };
  const route = bindForServices(INTERNAL_ROUTES.tokenDecimals, async ({ body: { assetId } }) => {
    if (said.isDown) return appError('dependency_down');
    return { status: 200, body: { decimals: said.decimals.get(assetId) ?? null } };
  });
  return { ...(await startNeighbour('chain-watcher', key, route)), said };
}
