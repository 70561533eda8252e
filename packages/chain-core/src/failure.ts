/** Every way in which a chain or its node can refuse us; adapters translate what nodes say into one of these. */
export const CHAIN_FAILURE_REASONS = [
  'already_known',
  'nonce_too_low',
  'nonce_too_high',
  'nonce_taken',
  'underpriced',
  'insufficient_funds',
  'reverted',
  'gas_limit',
  'fee_cap',
  'pool_full',
  'invalid_bytes',
  'unsupported',
  'rate_limited',
  'unreachable',
  'unknown_outcome',
  'wrong_chain',
  'refused',
] as const;

/** One entry of {@link CHAIN_FAILURE_REASONS}. */
export type ChainFailureReason = (typeof CHAIN_FAILURE_REASONS)[number];

/** A refusal: `reason` decides what we do, `detail` is the node's own text, for people only. */
export interface ChainFailure {
  readonly reason: ChainFailureReason;
  readonly detail: string;
}

const TRANSPORT: readonly ChainFailureReason[] = [
  'rate_limited',
  'unreachable',
  'unknown_outcome',
  'wrong_chain',
];

/** True when no node judged the bytes: nothing is known about them, and trying again costs nothing. */
export function isTransportFailure(failure: ChainFailure): boolean {
  return TRANSPORT.includes(failure.reason);
}
