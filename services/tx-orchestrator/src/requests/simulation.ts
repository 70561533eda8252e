import type { Simulation } from '@ironforge/contracts';
import type { Intent } from '@ironforge/tx-core';
import { feeOf, type Quote } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';

/** What a quote says about a request, as people are shown it before they approve; without a quote nothing is known. */
export function simulationOf(
  { clock, chainById }: Pick<OrchestratorDeps, 'clock' | 'chainById'>,
  intent: Intent,
  quote: Quote | null,
): Simulation {
  const at = clock().toISOString();
  if (quote === null) {
    return { status: 'unavailable', failure: null, feeEstimate: null, missing: [], blockHeight: null, at };
  }
  const { failure, headHeight: blockHeight } = quote;
  const status = failure === null ? 'ok' : 'reverted';
  const feeEstimate = feeOf(quote).toString();
  const missing = missingOf(chainById(intent.chainId).nativeAssetId, intent, quote);
  return { status, failure, feeEstimate, missing, blockHeight, at };
}

/** What the wallet lacks for amount and fee, in base units of each asset; nothing when it can pay. */
function missingOf(nativeAssetId: string, { assetId, amount }: Intent, quote: Quote): Simulation['missing'] {
  const isNative = assetId === nativeAssetId;
  const fee = feeOf(quote);
  const lacks = [
    { assetId: nativeAssetId, amount: fee + (isNative ? BigInt(amount) : 0n) - quote.nativeBalance },
    { assetId, amount: isNative ? 0n : BigInt(amount) - quote.assetBalance },
  ];
  return lacks
    .filter((lack) => lack.amount > 0n)
    .map((lack) => ({ assetId: lack.assetId, amount: lack.amount.toString() }));
}
