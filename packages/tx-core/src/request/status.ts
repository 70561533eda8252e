import { depth, txReason, txStatus } from '@ironforge/contracts';

/** Where a request stands. `included`, `reorged`, `finalized` and `stuck` are events and never a status. */
export const STATUSES = txStatus.options;

export type Status = (typeof STATUSES)[number];

/** Why a request stands where it stands: a closed list, so that a caller can act on it. */
export const REASONS = txReason.options;

export type Reason = (typeof REASONS)[number];

/** What a signed payload is for: the payment, the same at a higher fee, or nothing at all on its nonce. */
export type AttemptKind = 'original' | 'speed_up' | 'cancel';

/**
 * Where one signed payload stands. `offered` without a lease waits for any signer; `displaced` lost its
 * nonce to another request, but its signature may exist somewhere; `replaced` lost to a mined sibling.
 */
export type AttemptState =
  | 'pending_approval'
  | 'offered'
  | 'displaced'
  | 'signed'
  | 'sent'
  | 'mined'
  | 'replaced';

/** How deep something lies in the chain, from nowhere to final; K and finality are the chain's own. */
export const DEPTHS = depth.options;

export type Depth = (typeof DEPTHS)[number];
