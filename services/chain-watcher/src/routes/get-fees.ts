import { cacheKey, KEYS } from '@ironforge/cache';
import type { FeeOffer } from '@ironforge/chain-core';
import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { WatcherDeps } from '../deps.ts';

/** Shows what the network asks for now; at most 30 s old. */
export function getFees({ cache, chains, clock }: WatcherDeps): BoundRoute {
  return bind(ROUTES.getFees, async ({ query: { chainId } }) => {
    const { node } = chains.get(chainId);
    const key = cacheKey(KEYS.gasPrice, { chainId });
    const cached = ROUTES.getFees.reply.safeParse(await cache.read(key));
    if (cached.success) return { status: 200, body: cached.data };
    const { slow, standard, fast } = await node.fees();
    const body = {
      slow: show(slow),
      standard: show(standard),
      fast: show(fast),
      asOf: clock().toISOString(),
    };
    await cache.write(key, body);
    return { status: 200, body };
  });
}

function show({ maxFeePerGas, maxPriorityFeePerGas }: FeeOffer) {
  return { maxFeePerGas: maxFeePerGas.toString(), maxPriorityFeePerGas: maxPriorityFeePerGas.toString() };
}
