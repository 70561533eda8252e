import type { AssetId, ChainId, TenantId, TxRequestId, WalletId } from '@ironforge/kernel';
import { present } from '@ironforge/kernel';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { AttemptKind } from './request/status.ts';

/**
 * What people approve. It holds no nonce, gas or inputs: those are bound when someone is ready to sign.
 * Amounts are base units as decimal text, `feeCeiling` the most native base units for the network,
 * `validUntil` RFC 3339 UTC; absent keys are omitted.
 */
export type Intent = {
  readonly version: 1;
  /** Makes two equal payments two intents, so that approvals never serve twice. */
  readonly requestId: TxRequestId;
  readonly tenantId: TenantId;
  readonly walletId: WalletId;
  readonly chainId: ChainId;
  readonly from: string;
  readonly to: string;
  readonly assetId: AssetId;
  readonly amount: string;
  readonly data?: string;
  readonly memo?: string;
  readonly feeCeiling: string;
  readonly validUntil: string;
  readonly clientReference?: string;
};

/** The intent as the one text that is hashed: canonical JSON (RFC 8785). */
export function canonicalIntent(intent: Intent): string {
  return present(canonicalize(intent), 'canonical form of an intent');
}

/** The hash that approvals and signatures are bound to: SHA-256 of the canonical text, `0x` and lower-case hex. */
export function intentHash(intent: Intent): string {
  return `0x${bytesToHex(sha256(utf8ToBytes(canonicalIntent(intent))))}`;
}

/** What one attempt of a request carries out: its wish, the same for another fee, or nothing to oneself. */
export function intentOfAttempt(intent: Intent, nativeAssetId: AssetId, attempt: AttemptTerms): Intent {
  const { kind, feeCeiling } = attempt;
  if (kind === 'cancel') return cancelIntent(intent, nativeAssetId, feeCeiling);
  return kind === 'speed_up' ? { ...intent, feeCeiling: feeCeiling.toString() } : intent;
}

/** What makes an attempt's intent its own; the ceiling in native base units. */
export type AttemptTerms = { readonly kind: AttemptKind; readonly feeCeiling: bigint };

/** What a gap-fill task needs to know; `feeCeiling` in native base units. */
export type GapFill = Pick<
  Intent,
  'requestId' | 'tenantId' | 'walletId' | 'chainId' | 'from' | 'validUntil'
> & {
  readonly nativeAssetId: AssetId;
  readonly feeCeiling: bigint;
};

/** Nothing to oneself on a nonce that nobody signs for, so that those above it can be mined. */
export function gapFillIntent({ nativeAssetId, feeCeiling, ...wish }: GapFill): Intent {
  const nothing = nothingToOneself(wish.from, nativeAssetId);
  return { version: 1, ...wish, ...nothing, feeCeiling: feeCeiling.toString() };
}

/** Nothing to oneself on the request's nonce, so that its payment can no longer be mined. */
function cancelIntent(intent: Intent, nativeAssetId: AssetId, feeCeiling: bigint): Intent {
  const { version, requestId, tenantId, walletId, chainId, from, validUntil } = intent;
  const wish = { version, requestId, tenantId, walletId, chainId, from, validUntil };
  return { ...wish, ...nothingToOneself(from, nativeAssetId), feeCeiling: feeCeiling.toString() };
}

function nothingToOneself(from: string, nativeAssetId: AssetId) {
  return { to: from, assetId: nativeAssetId, amount: '0' };
}
