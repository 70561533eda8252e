import { setTimeout as sleep } from 'node:timers/promises';
import { type Difference, ROUTES } from '@ironforge/contracts';
import type { Calls } from '../api/patient-api.ts';

type BalanceDifference = Omit<Difference, 'kind'> & { readonly kind: 'wrong_balance' };

/** So often a balance that differs is read again before it is told: a block may have come in between. */
const READINGS = 3;
const PAUSE_MS = 1_000;

/** Compares what is stored of every wallet on a chain with what a node says now; tells each difference, and gives how many wallets. */
export async function compareBalances(
  api: Calls,
  chainId: string,
  tell: (difference: BalanceDifference) => void,
): Promise<number> {
  let wallets = 0;
  let cursor: string | undefined;
  do {
    const query = { chainId, limit: 200, ...(cursor !== undefined && { cursor }) };
    const page = await api.call(ROUTES.listWallets, { query });
    for (const { id, status } of page.data) {
      if (status === 'activating') continue;
      (await compareWallet(api, id)).forEach(tell);
      wallets += 1;
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return wallets;
}

async function compareWallet(api: Calls, id: string): Promise<BalanceDifference[]> {
  for (let reading = 1; ; reading += 1) {
    const differences = await compareNow(api, id);
    if (differences.length === 0 || reading === READINGS) return differences;
    await sleep(PAUSE_MS);
  }
}

async function compareNow(api: Calls, id: string): Promise<BalanceDifference[]> {
  const params = { id };
  const stored = await api.call(ROUTES.getBalances, { params });
  const amounts = new Map(stored.data.map(({ assetId, amount }) => [assetId, amount]));
  const { blockHeight: height, data } = await api.call(ROUTES.getBalancesOnChain, { params });
  const told = new Map(data.map(({ assetId, amount }) => [assetId, amount]));
  // What no node would tell was not compared, and that must not look as if it agreed.
  const assetIds = [...new Set([...told.keys(), ...amounts.keys()])];
  return assetIds
    .filter((assetId) => (amounts.get(assetId) ?? '0') !== told.get(assetId))
    .map((assetId) => ({
      kind: 'wrong_balance',
      height,
      subject: `${assetId} of wallet ${id}`,
      onChain: told.get(assetId) ?? null,
      stored: amounts.get(assetId) ?? null,
    }));
}
