import { ROUTES } from '@ironforge/contracts';
import { type BoundRoute, bind } from '@ironforge/service-kit';
import type { Chain } from '../chains.ts';
import type { WatcherDeps } from '../deps.ts';
import { isForeign } from '../follow/is-foreign.ts';
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

function show({ config, node }: Chain, cursor: CursorState | undefined) {
  const { chainId, name, kind, nativeAssetId, nativeSymbol, decimals, confirmations } = config;
  const known = { chainId, name, kind, nativeAssetId, nativeSymbol, decimals, confirmations };
  if (cursor === undefined) {
    // Of a chain that was never followed, there is no row to say it.
    const stopped = isForeign(node) ? ('wrong_chain' as const) : null;
    const status = stopped === null ? ('behind' as const) : ('stopped' as const);
    return { ...known, head: null, finalizedHeight: null, status, stopReason: stopped };
  }
  const { height, hash, blockTime, finalizedHeight, status, stopReason } = cursor;
  return {
    ...known,
    head: { height, hash, time: blockTime.toISOString() },
    finalizedHeight: finalizedHeight < 0 ? null : finalizedHeight,
    status,
    stopReason,
  };
}
