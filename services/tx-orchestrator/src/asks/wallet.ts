import { INTERNAL_ROUTES } from '@ironforge/contracts';
import type { z } from 'zod';
import type { OrchestratorDeps } from '../deps.ts';

type Answer = z.output<(typeof INTERNAL_ROUTES)['getWalletForTransfer']['reply']>;

/** A wallet as its registry knows it. */
export type Wallet = NonNullable<Answer['wallet']>;

/** An asset as its registry knows it, by its one id. */
export type Asset = NonNullable<Answer['asset']>;

/** A wallet and the asset it is to send. */
export interface WalletQuestion {
  readonly tenantId: string;
  readonly walletId: string;
  readonly assetId: string;
  readonly requestId?: string;
}

/** Asks the registry for a wallet and an asset; null for what does not exist. */
export async function askWallet(
  { call }: Pick<OrchestratorDeps, 'call'>,
  { requestId, ...body }: WalletQuestion,
): Promise<Answer> {
  const trace = requestId === undefined ? {} : { requestId };
  return await call(INTERNAL_ROUTES.getWalletForTransfer, { body, ...trace });
}
