import type { Block } from '@ironforge/chain-core';
import type { Tx } from '@ironforge/store';
import type { Chain } from '../chains.ts';
import { findAttemptsByHash } from '../queries/watch-attempts.ts';
import { findWatchedAddresses } from '../queries/watched-addresses.ts';
import { findWatchedAssets } from '../queries/watched-assets.ts';
import { addressesOf, assetsOf, type Watched } from './plan-block.ts';

/** What of a block concerns somebody. */
export async function findWatched(
  tx: Tx,
  { config: { chainId } }: Pick<Chain, 'config'>,
  block: Block,
): Promise<Watched> {
  return {
    addresses: await findWatchedAddresses(tx, chainId, {
      addresses: addressesOf(block),
      height: block.height,
    }),
    assets: await findWatchedAssets(tx, chainId, assetsOf(block)),
    attempts: await findAttemptsByHash(
      tx,
      chainId,
      block.transactions.map(({ hash }) => hash),
    ),
  };
}
