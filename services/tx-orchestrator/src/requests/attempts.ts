import { present } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import { type AttemptTerms, type Intent, intentOfAttempt } from '@ironforge/tx-core';
import type { Quote } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import type { RequestView } from './view.ts';

/** The row of an attempt of the request. */
export function attemptRowOf({ attempts }: RequestView, { id }: { readonly id: string }): TxAttemptRow {
  return present(
    attempts.find((attempt) => attempt.id === id),
    'the row of an attempt',
  );
}

/** The highest fees of what was signed, since nodes may hold any of it; null before anything was. */
export function signedFees({ attempts }: RequestView): Fees | null {
  const signed = attempts.filter(({ raw }) => raw !== null);
  if (signed.length === 0) return null;
  return {
    maxFeePerGas: highest(signed.map((attempt) => attempt.max_fee_per_gas)),
    maxPriorityFeePerGas: highest(signed.map((attempt) => attempt.max_priority_fee_per_gas)),
  };
}

function highest(fees: readonly bigint[]): bigint {
  return fees.reduce((most, fee) => (fee > most ? fee : most), 0n);
}

type Fees = Pick<Quote, 'maxFeePerGas' | 'maxPriorityFeePerGas'>;

/** What an attempt of the request carries out. */
export function attemptIntent(
  { chainById }: Pick<OrchestratorDeps, 'chainById'>,
  row: RequestRow,
  terms: AttemptTerms,
): Intent {
  return intentOfAttempt(row.intent, chainById(row.chain_id).nativeAssetId, terms);
}

/** What a stored attempt carries out. */
export function storedIntent(
  deps: Pick<OrchestratorDeps, 'chainById'>,
  row: RequestRow,
  { id, fee_ceiling: feeCeiling }: TxAttemptRow,
): Intent {
  const attempt = present(
    row.state.attempts.find((one) => one.id === id),
    'the attempt of a row',
  );
  return attemptIntent(deps, row, { kind: attempt.kind, feeCeiling });
}
