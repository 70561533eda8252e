import type { ChainFailure, ChainFailureReason } from '@ironforge/chain-core';
import type { EventData } from '@ironforge/contracts';

/** A refusal as the watcher tells it; `evicted` is no word of a node. */
export type ToldRefusal = Exclude<EventData<'chain.tx_refused'>['reason'], 'evicted'>;

/**
 * How a refusal of signed bytes is told; null where nothing left us, so that there is nothing to tell. A rival at the nonce
 * is answered by paying more, and what nobody can act on is `refused_by_node`.
 */
export function toldRefusal({ reason }: ChainFailure): ToldRefusal | null {
  return TOLD[reason];
}

const TOLD: Readonly<Record<ChainFailureReason, ToldRefusal | null>> = {
  rate_limited: null,
  unreachable: null,
  wrong_chain: null,
  unknown_outcome: 'outcome_unknown',
  nonce_too_low: 'nonce_too_low',
  insufficient_funds: 'insufficient_funds',
  underpriced: 'underpriced',
  nonce_taken: 'underpriced',
  already_known: 'refused_by_node',
  nonce_too_high: 'refused_by_node',
  reverted: 'refused_by_node',
  gas_limit: 'refused_by_node',
  fee_cap: 'refused_by_node',
  pool_full: 'refused_by_node',
  invalid_bytes: 'refused_by_node',
  unsupported: 'refused_by_node',
  refused: 'refused_by_node',
};
