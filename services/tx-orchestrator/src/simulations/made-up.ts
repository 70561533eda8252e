import { appError, type ROUTES } from '@ironforge/contracts';
import { branded, type AssetId, type ChainId, type ErrorItem, type WalletId } from '@ironforge/kernel';
import type { ApiRequest, UserCaller } from '@ironforge/service-kit';
import type { PolicyFacts } from '@ironforge/tx-core';
import { askDestination, type Destination } from '../asks/destination.ts';
import { askPeople, type People } from '../asks/people.ts';
import { askWallet, type Asset, type Wallet } from '../asks/wallet.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { readSpent } from '../policies/spending.ts';
import { pushedPrices } from '../prices/price-source.ts';
import { priced } from '../prices/priced.ts';
import type { PolicyInForce } from '../queries/policies.ts';
import { type Initiator, policyFacts } from '../requests/submission.ts';
import { isSeen } from '../requests/wish.ts';
import { simulate } from './simulate.ts';

/** A call of the route. */
export type SimulationRequest = ApiRequest<(typeof ROUTES)['simulatePolicy'], UserCaller>;

/** A request that nobody made. */
export type MadeUp = Exclude<SimulationRequest['body'], { last: number }>;

/**
 * Tries a policy on a made-up request, against what its windows have given away by then. Throws `not_found` for a wallet
 * that the caller does not see, `unknown_asset`, and `validation_failed`.
 */
export async function simulateMadeUp(
  deps: OrchestratorDeps,
  policy: PolicyInForce,
  { request, body }: { readonly request: SimulationRequest; readonly body: MadeUp },
) {
  const { tenantId } = request.caller;
  const { people, ...known } = await ask(deps, request, body);
  const bare = factsOf(deps, body, known);
  const scope = { tenantId, policy, atMs: bare.submittedAtMs, exceptRequestId: null };
  const initiatorIds = [known.initiator.userId];
  const pricing = { tenantId, policy, initiatorIds, atMs: deps.clock().getTime(), recorded: null };
  const tried = await deps.store.forTenant(tenantId).transaction(
    async (tx) => {
      const { facts, prices } = await priced(pushedPrices(tx), pricing, bare);
      return { facts: await readSpent(tx, scope, facts), prices };
    },
    { isolation: 'read committed' },
  );
  return [simulate(policy, { transactionId: null, ...tried, approverIds: [] }, people).shown];
}

interface Known {
  readonly wallet: Wallet;
  readonly assetId: string;
  readonly decimals: number;
  readonly to: string;
  readonly initiator: Initiator;
  readonly destinationKinds: Destination['kinds'];
}

async function ask(
  deps: OrchestratorDeps,
  { caller, requestId }: SimulationRequest,
  body: MadeUp,
): Promise<Known & { readonly people: People }> {
  const { tenantId } = caller;
  const userId = body.initiator?.userId ?? caller.userId;
  const [{ wallet, asset }, people] = await Promise.all([
    askWallet(deps, { tenantId, walletId: body.walletId, assetId: body.assetId, requestId }),
    askPeople(deps, { tenantId, userIds: [userId], requestId }),
  ]);
  if (wallet === null || !isSeen(wallet, caller))
    throw appError('not_found', { detail: 'there is no such wallet' });
  if (asset === null) throw appError('unknown_asset', { errors: [{ pointer: '/assetId', code: 'unknown' }] });
  const to = checkFields(deps, body, { wallet, asset, people });
  const roles = people.rolesOf.get(userId) ?? [];
  const initiator = body.initiator === undefined ? caller : { userId, apiKeyId: null, roles };
  const intent = { tenantId, chainId: wallet.chainId, from: wallet.address, to, data: body.data };
  const { kinds: destinationKinds } = await askDestination(deps, {
    intent,
    initiatorIds: [userId],
    requestId,
  });
  const { assetId, decimals } = asset;
  return { wallet, assetId, decimals, to, initiator, people, destinationKinds };
}

/** What a real request would be refused for, as far as rules look at it; gives the recipient in canonical form. */
function checkFields(
  { chainById }: OrchestratorDeps,
  { to, data, initiator }: MadeUp,
  { wallet, asset, people }: { wallet: Wallet; asset: Asset; people: People },
): string {
  const { codec, nativeAssetId } = chainById(wallet.chainId);
  const recipient = codec.parseAddress(to);
  const isStranger = initiator !== undefined && !people.rolesOf.has(initiator.userId);
  const findings: (ErrorItem | false)[] = [
    'rejected' in recipient && { pointer: '/to', code: recipient.rejected, detail: recipient.detail },
    asset.chainId !== wallet.chainId && { pointer: '/assetId', code: 'other_chain' },
    data !== undefined && asset.assetId !== nativeAssetId && { pointer: '/data', code: 'native_asset_only' },
    isStranger && { pointer: '/initiator/userId', code: 'unknown' },
  ];
  const errors = findings.filter((finding) => finding !== false);
  if (errors.length > 0 || 'rejected' in recipient) throw appError('validation_failed', { errors });
  return recipient.address;
}

function factsOf({ clock }: OrchestratorDeps, { amount, data, at }: MadeUp, known: Known): PolicyFacts {
  const { wallet, assetId, decimals, to, initiator, destinationKinds } = known;
  const wished = {
    chainId: branded<ChainId>(wallet.chainId),
    walletId: branded<WalletId>(wallet.id),
    assetId: branded<AssetId>(assetId),
    amount,
    to,
    ...(data === undefined || data === '0x' ? {} : { data }),
  };
  const submittedAt = at === undefined ? clock() : new Date(at);
  const around = { walletTags: wallet.tags, destinationKinds, decimals };
  return policyFacts(wished, { initiator, ...around, submittedAt });
}
