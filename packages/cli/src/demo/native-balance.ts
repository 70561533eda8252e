import { ROUTES } from '@ironforge/contracts';
import type { Api } from '../api/client.ts';
import { until } from './truth.ts';

/** A wallet's balance of the chain's own coin, as the API tells it, once there is one; amounts in wei. */
export async function nativeBalance(api: Api, walletId: string) {
  return until('the wallet has a balance', async () => {
    const { data } = await api.call(ROUTES.getBalances, { params: { id: walletId } });
    const native = data.find(({ assetId }) => assetId.includes('/slip44:'));
    const blockHeight = native?.blockHeight ?? null;
    return native === undefined || blockHeight === null ? null : { ...native, blockHeight };
  });
}
