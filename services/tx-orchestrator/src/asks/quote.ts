import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { parseUnits, present } from '@ironforge/kernel';
import type { OrchestratorDeps } from '../deps.ts';

/** A transfer as the chain is asked about it. */
export interface QuoteQuestion {
  readonly chainId: string;
  readonly from: string;
  readonly to: string;
  readonly assetId: string;
  readonly amount: string;
  readonly data?: string | undefined;
}

/** What the chain says now; balances and fees in base units. */
export interface Quote {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly gasLimit: bigint;
  readonly minedCount: number;
  readonly nativeBalance: bigint;
  readonly assetBalance: bigint;
}

/** Asks the watcher for fees, gas, funds and mined count. */
export async function askQuote(
  { call }: Pick<OrchestratorDeps, 'call'>,
  { chainId, from, to, assetId, amount, data }: QuoteQuestion,
  requestId?: string,
): Promise<Quote> {
  const body = { chainId, from, to, assetId, amount, ...(data === undefined ? {} : { data }) };
  const answer = await call(INTERNAL_ROUTES.quote, {
    body,
    ...(requestId === undefined ? {} : { requestId }),
  });
  return {
    maxFeePerGas: units(answer.standard.maxFeePerGas),
    maxPriorityFeePerGas: units(answer.standard.maxPriorityFeePerGas),
    gasLimit: BigInt(answer.gasLimit),
    minedCount: answer.minedCount,
    nativeBalance: units(answer.nativeBalance),
    assetBalance: units(answer.assetBalance),
  };
}

/** The most that the network can take for a transfer at this quote, in native base units. */
export function feeOf({ gasLimit, maxFeePerGas }: Pick<Quote, 'gasLimit' | 'maxFeePerGas'>): bigint {
  return gasLimit * maxFeePerGas;
}

function units(text: string): bigint {
  return present(parseUnits(text), 'base units');
}
