import { appError, type ROUTES } from '@ironforge/contracts';
import type { AppError } from '@ironforge/kernel';
import type { ApiRequest, UserCaller } from '@ironforge/service-kit';
import type { Intent } from '@ironforge/tx-core';
import { askTransfer, type Destination } from '../asks/destination.ts';
import { askPeople, type People } from '../asks/people.ts';
import { askQuote, feeOf, type Quote } from '../asks/quote.ts';
import type { Wallet } from '../asks/wallet.ts';
import type { OrchestratorDeps } from '../deps.ts';
import type { LaneKey } from '../queries/nonce-lanes.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import { initiatorIdsOf, peopleBehind } from '../requests/recheck.ts';
import type { BareView } from '../requests/view.ts';

/** Somebody asks for a payload to sign. */
export type PayloadRequest = ApiRequest<(typeof ROUTES)['createSigningPayload'], UserCaller>;

/** What others know about a payload at this moment. */
export interface Known {
  readonly people: People;
  readonly wallet: Wallet;
  readonly destination: Destination;
  readonly quote: Quote;
}

/** A payload that is asked for, with the lane whose row is to be locked and what was asked before. */
export interface PayloadOrder {
  readonly request: PayloadRequest;
  readonly lane: LaneKey;
  readonly known: Known;
}

const DEFAULT_LEASE_SECONDS = 600;

/** For how long the right to sign is leased, in seconds. */
export function leaseSecondsOf({ body }: PayloadRequest): number {
  return body.leaseSeconds ?? DEFAULT_LEASE_SECONDS;
}

/** The lane that a request's nonces are of. */
export function laneOf({ tenant_id, chain_id, from_address }: RequestRow): LaneKey {
  return { tenantId: tenant_id, chainId: chain_id, address: from_address };
}

/** Asks who counts, how the wallet stands and what the chain takes for carrying this intent out. */
export async function askAboutPayload(
  deps: OrchestratorDeps,
  view: BareView,
  { intent, requestId }: { readonly intent: Intent; readonly requestId: string },
): Promise<Known> {
  const { row } = view;
  const tenantId = row.tenant_id;
  const { wallet_id: walletId, asset_id: assetId } = row;
  const [people, { wallet, destination }, quote] = await Promise.all([
    askPeople(deps, { tenantId, userIds: peopleBehind(view), requestId }),
    askTransfer(deps, { walletId, assetId, intent, initiatorIds: initiatorIdsOf(row), requestId }),
    askQuote(deps, intent, requestId),
  ]);
  if (wallet === null || wallet.isWatchOnly) throw appError('wallet_watch_only');
  return { people, wallet, destination, quote };
}

/** Why the wallet cannot pay for this intent at this fee (native base units); null when it can. */
export function fundsObjection(intent: Intent, quote: Quote, fee: bigint): AppError | null {
  const isNative = intent.assetId.includes('/slip44:');
  const amount = BigInt(intent.amount);
  const nativeNeeded = fee + (isNative ? amount : 0n);
  const isEnough = quote.nativeBalance >= nativeNeeded && (isNative || quote.assetBalance >= amount);
  return isEnough ? null : appError('insufficient_funds');
}

/** Why a fee (native base units) is too dear for an intent; null when it is within its ceiling. */
export function ceilingObjection(
  ceiling: bigint,
  fee: Pick<Quote, 'gasLimit' | 'maxFeePerGas'>,
): AppError | null {
  if (feeOf(fee) <= ceiling) return null;
  return appError('fee_above_ceiling', { detail: `the fee is up to ${feeOf(fee)}, the ceiling ${ceiling}` });
}
