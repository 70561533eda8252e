import { appError, type ROUTES, type Simulation } from '@ironforge/contracts';
import {
  type AssetId,
  branded,
  type ChainId,
  type ErrorItem,
  parseUnits,
  present,
  type TenantId,
  type TxRequestId,
  type WalletId,
} from '@ironforge/kernel';
import type { ApiRequest, UserCaller } from '@ironforge/service-kit';
import type { Intent } from '@ironforge/tx-core';
import { askDestination, type Destination } from '../asks/destination.ts';
import { askPeople, type People } from '../asks/people.ts';
import { askQuote, askQuoteIfAny, feeOf, type Quote } from '../asks/quote.ts';
import { askWallet, type Asset, type Wallet } from '../asks/wallet.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { simulationOf } from './simulation.ts';

/** What the others know about a wish, asked before any transaction. */
export interface Wish {
  readonly wallet: Wallet;
  readonly decimals: number;
  readonly intent: Intent;
  readonly people: People;
  /** What was asked to submit it at once; null for a draft. */
  readonly atOnce: { readonly simulation: Simulation; readonly destination: Destination } | null;
}

type Request = ApiRequest<(typeof ROUTES)['createTransaction'], UserCaller>;
type Deps = Pick<OrchestratorDeps, 'call' | 'resolveUsers' | 'screening' | 'chainById' | 'clock' | 'newId'>;

/** What may stand between approval and block when nobody says otherwise, as a multiple of today's fee. */
const CEILING_FACTOR = 10n;
const DEFAULT_VALIDITY_MS = 86_400_000;

/**
 * Reads a wish into an intent. Throws `not_found` for a wallet that the caller does not have, `wallet_watch_only`,
 * `wallet_not_active`, `unknown_asset`, and `validation_failed` with every finding.
 */
export async function readWish(deps: Deps, request: Request): Promise<Wish> {
  const { body, caller, requestId } = request;
  const { tenantId } = caller;
  const [{ wallet, asset }, people] = await Promise.all([
    askWallet(deps, { tenantId, walletId: body.walletId, assetId: body.assetId, requestId }),
    askPeople(deps, { tenantId, userIds: [caller.userId], requestId }),
  ]);
  const sender = checkWallet(wallet, caller);
  if (asset === null) throw appError('unknown_asset', { errors: [{ pointer: '/assetId', code: 'unknown' }] });
  const to = checkFields(deps, request, { sender, asset });
  const bare = bareIntent(deps, request, { sender, to, assetId: asset.assetId });
  const [quote, destination] = await Promise.all([
    quoteFor(deps, request, bare),
    body.submit === false
      ? null
      : askDestination(deps, { intent: bare, initiatorIds: [caller.userId], requestId }),
  ]);
  const intent = { ...bare, feeCeiling: body.feeCeiling ?? defaultCeiling(present(quote, 'a quote')) };
  const atOnce = destination && { destination, simulation: simulationOf(deps, intent, quote) };
  return { wallet: sender, decimals: asset.decimals, intent, people, atOnce };
}

/** Whether the caller sees a wallet of his tenant. */
export function isSeen(wallet: Wallet, { userId, permissions }: UserCaller): boolean {
  return permissions.includes('wallets:read_all') || wallet.userId === userId;
}

function checkWallet(wallet: Wallet | null, caller: UserCaller): Wallet {
  if (wallet === null || !isSeen(wallet, caller))
    throw appError('not_found', { detail: 'there is no such wallet' });
  if (wallet.isWatchOnly) throw appError('wallet_watch_only');
  if (wallet.status !== 'active')
    throw appError('wallet_not_active', { detail: `the wallet is ${wallet.status}` });
  return wallet;
}

interface Sending {
  readonly sender: Wallet;
  readonly asset: Asset;
}

/** Checks what no schema can; gives the recipient in the chain's canonical form. */
function checkFields({ chainById, clock }: Deps, { body }: Request, { sender, asset }: Sending): string {
  const { codec, nativeAssetId } = chainById(sender.chainId);
  const recipient = codec.parseAddress(body.to);
  const findings: (ErrorItem | false)[] = [
    'rejected' in recipient && { pointer: '/to', code: recipient.rejected, detail: recipient.detail },
    asset.chainId !== sender.chainId && { pointer: '/assetId', code: 'other_chain' },
    !codec.isTransferable(asset.assetId) && { pointer: '/assetId', code: 'not_transferable' },
    body.data !== undefined &&
      asset.assetId !== nativeAssetId && { pointer: '/data', code: 'native_asset_only' },
    body.amount === '0' && !hasData(body.data) && { pointer: '/amount', code: 'zero_without_data' },
    body.validUntil !== undefined &&
      new Date(body.validUntil) <= clock() && { pointer: '/validUntil', code: 'past' },
  ];
  const errors = findings.filter((finding) => finding !== false);
  if (errors.length > 0 || 'rejected' in recipient) throw appError('validation_failed', { errors });
  return recipient.address;
}

function hasData(data: string | undefined): boolean {
  return data !== undefined && data !== '0x';
}

function bareIntent(
  { clock, newId }: Deps,
  { body, caller }: Request,
  { sender, to, assetId }: { readonly sender: Wallet; readonly to: string; readonly assetId: string },
): Omit<Intent, 'feeCeiling'> {
  const { amount, data, memo, clientReference } = body;
  return {
    version: 1,
    requestId: branded<TxRequestId>(newId()),
    tenantId: branded<TenantId>(caller.tenantId),
    walletId: branded<WalletId>(sender.id),
    chainId: branded<ChainId>(sender.chainId),
    from: sender.address,
    to,
    assetId: branded<AssetId>(assetId),
    amount: present(parseUnits(amount), 'an amount that was parsed').toString(),
    ...(hasData(data) && data !== undefined ? { data: data.toLowerCase() } : {}),
    ...(memo === undefined ? {} : { memo }),
    validUntil: validUntil(clock(), body.validUntil),
    ...(clientReference === undefined ? {} : { clientReference }),
  };
}

function validUntil(now: Date, given: string | undefined): string {
  return (
    given === undefined ? new Date(now.getTime() + DEFAULT_VALIDITY_MS) : new Date(given)
  ).toISOString();
}

/** Without a ceiling somebody has to say what the network takes; with one only a trial wants to know. */
async function quoteFor(
  deps: Deps,
  { body, requestId }: Request,
  intent: Omit<Intent, 'feeCeiling'>,
): Promise<Quote | null> {
  if (body.feeCeiling === undefined) return await askQuote(deps, intent, requestId);
  return body.submit === false ? null : await askQuoteIfAny(deps, intent, requestId);
}

function defaultCeiling(quote: Quote): string {
  return (feeOf(quote) * CEILING_FACTOR).toString();
}
