import { present } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import { type AttemptTerms, type Intent, intentOfAttempt, newestSigned } from '@ironforge/tx-core';
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

/** The row of the bytes that are sent now; null before any were signed. */
export function newestSignedRow(view: RequestView): TxAttemptRow | null {
  const newest = newestSigned(view.row.state);
  return newest === undefined ? null : attemptRowOf(view, newest);
}

/** The fees of an attempt: as offered, and once it is signed as the signer chose them. */
export function feesOf({ max_fee_per_gas, max_priority_fee_per_gas }: TxAttemptRow): Fees {
  return { maxFeePerGas: max_fee_per_gas, maxPriorityFeePerGas: max_priority_fee_per_gas };
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
