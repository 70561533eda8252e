import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { replace } from '../lanes/replace.ts';

/** The same payment at a higher fee, on the same nonce, to be signed. */
export function speedUpTransaction(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.speedUpTransaction, (request) => replace(deps, request, 'speed_up'));
}
