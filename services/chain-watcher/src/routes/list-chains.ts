import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { type CursorState, listCursors } from '../queries/chain-cursors.ts';

/** Shows every followed chain and how far it is followed. */
export function listChains({ store, chains }: WatcherDeps): BoundRoute {
  return bind(ROUTES.listChains, async () => {
    const cursors = await store.system('chain_watcher').transaction(listCursors);
    const byChain = new Map(cursors.map((cursor) => [cursor.chainId, cursor]));
    const data = chains.all.map((chain) => show(chain, byChain.get(chain.config.chainId)));
    return { status: 200, body: { data, nextCursor: null } };
  });
}

function show({ config }: Chain, cursor: CursorState | undefined) {
  const { chainId, name, kind, nativeAssetId, nativeSymbol, decimals, confirmations } = config;
  const known = { chainId, name, kind, nativeAssetId, nativeSymbol, decimals, confirmations };
  if (cursor === undefined) return { ...known, head: null, finalizedHeight: null, status: 'behind' };
  const { height, hash, blockTime, finalizedHeight, status } = cursor;
  return {
    ...known,
    head: { height, hash, time: blockTime.toISOString() },
    finalizedHeight: finalizedHeight < 0 ? null : finalizedHeight,
    status,
  };
}
