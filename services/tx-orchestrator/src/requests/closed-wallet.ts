import { appError } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { Wallet } from '../asks/wallet.ts';
import type { RequestRow } from '../queries/tx-requests.ts';

/**
 * Why a payment is not signed for this wallet: it was closed. A gap below what was signed before is filled for a closed one too; null
 * when it is open.
 */
export function closedWallet(
  { gap_nonce: gap }: Pick<RequestRow, 'gap_nonce'>,
  { status }: Wallet,
): AppError | null {
  if (status === 'active' || gap !== null) return null;
  return appError('wallet_not_active', { detail: `the wallet is ${status}` });
}
