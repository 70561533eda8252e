import { type EvmSigned, replacementFee } from '@ironforge/chain-evm';
import { appError } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import { signedFees } from './attempts.ts';
import type { RequestView } from './view.ts';

/**
 * Why a signed replacement is not taken: its fees are not an eighth above what was signed before, so that nodes may keep that one, and it
 * would be sent in that one's stead for nothing. Null when they are, and for what replaces nothing.
 */
export function underpriced(view: RequestView, attempt: TxAttemptRow, signed: EvmSigned): AppError | null {
  const before = attempt.kind === 'original' || attempt.raw !== null ? null : signedFees(view);
  if (before === null || attempt.tx_hash === signed.hash) return null;
  const least = replacementFee(before, NO_FEE);
  const isEnough =
    signed.maxFeePerGas >= least.maxFeePerGas && signed.maxPriorityFeePerGas >= least.maxPriorityFeePerGas;
  if (isEnough) return null;
  const errors = [{ pointer: '/signedTransaction', code: 'differs', field: 'fee' }];
  const detail = `fee: a replacement needs maxFeePerGas ${least.maxFeePerGas} and maxPriorityFeePerGas ${least.maxPriorityFeePerGas} at least; where its payload offers less, ask for another replacement`;
  return appError('signed_bytes_differ', { detail, errors });
}

const NO_FEE = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
