import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { OrchestratorDeps } from '../deps.ts';
import { replace } from '../lanes/replace.ts';

/** Nothing to oneself on the nonce of a signed payment, to be signed, so that the payment cannot be mined. */
export function cancelOnChain(deps: OrchestratorDeps): BoundRoute {
  return bind(ROUTES.cancelOnChain, (request) => replace(deps, request, 'cancel'));
}
