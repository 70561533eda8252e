import { type CallFailure, INTERNAL_ROUTES } from '@ironforge/contracts';
import { hasCode, parseUnits, present } from '@ironforge/kernel';
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
  /** Why the transfer would fail at the head; null when it would not. */
  readonly failure: CallFailure | null;
  readonly headHeight: number;
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
    failure: answer.failure,
    headHeight: answer.head.height,
  };
}

/** The same, or null while no node answers or the chain is stopped. */
export async function askQuoteIfAny(
  deps: Pick<OrchestratorDeps, 'call'>,
  question: QuoteQuestion,
  requestId: string,
): Promise<Quote | null> {
  try {
    return await askQuote(deps, question, requestId);
  } catch (error) {
    if (isWithoutQuote(error)) return null;
    throw error;
  }
}

/** True of a fault that says that nobody tells a quote for now. */
export function isWithoutQuote(error: unknown): boolean {
  return ['dependency_down', 'dependency_failed', 'chain_stopped'].some((code) => hasCode(error, code));
}

/** The most that the network can take for a transfer at this quote, in native base units. */
export function feeOf({ gasLimit, maxFeePerGas }: Pick<Quote, 'gasLimit' | 'maxFeePerGas'>): bigint {
  return gasLimit * maxFeePerGas;
}

function units(text: string): bigint {
  return present(parseUnits(text), 'base units');
}
