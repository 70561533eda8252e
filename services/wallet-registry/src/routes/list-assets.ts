import { appError, ROUTES } from '@ironforge/contracts';
import { answerPage, type BoundRoute, bind } from '@ironforge/service-kit';
import { coinOf, type ShownAsset, showAsset } from '../assets/show-asset.ts';
import type { Chains } from '../chains.ts';
import type { RegistryDeps } from '../deps.ts';
import { type AssetPlace, listAssets as selectAssets } from '../queries/assets.ts';

/** The tenant's tokens, newest first, then the coins, which were there before all of them. */
export function listAssets({ store, chains }: RegistryDeps): BoundRoute {
  return bind(ROUTES.listAssets, async ({ query, caller: { tenantId } }) => {
    const after = readPlace(query.cursor);
    const filter = { chainId: query.chainId, after, count: query.limit + 1 };
    const tokens = await store.forTenant(tenantId).transaction((tx) => selectAssets(tx, tenantId, filter));
    const listed = tokens.map((row) => ({ createdAt: row.created_at, asset: showAsset(row) }));
    const rows = [...listed, ...listCoins(chains, query.chainId, after)];
    return answerPage({ query, rows, cursorOf, show: ({ asset }) => asset });
  });
}

interface Listed {
  readonly createdAt: Date;
  readonly asset: ShownAsset;
}

const BEFORE_ALL = new Date(0);

function listCoins(chains: Chains, chainId: string | undefined, after: AssetPlace | null): Listed[] {
  return chains.all
    .filter((chain) => chainId === undefined || chain.chainId === chainId)
    .map((chain) => ({ createdAt: BEFORE_ALL, asset: coinOf(chain) }))
    .toSorted((a, b) => (a.asset.assetId < b.asset.assetId ? 1 : -1))
    .filter(({ asset }) => after === null || after.createdAt > BEFORE_ALL || asset.assetId < after.assetId);
}

function cursorOf({ createdAt, asset }: Listed): string {
  return Buffer.from(`${createdAt.getTime()}~${asset.assetId}`, 'latin1').toString('base64url');
}

function readPlace(cursor: string | undefined): AssetPlace | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, time, assetId] = /^([0-9]{1,15})~([!-}]{1,200})$/.exec(text) ?? [];
  if (time !== undefined && assetId !== undefined) return { createdAt: new Date(Number(time)), assetId };
  throw appError('validation_failed', { errors: [{ pointer: '/query/cursor', code: 'invalid_value' }] });
}
