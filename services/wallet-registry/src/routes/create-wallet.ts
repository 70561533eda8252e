import { appError, ROUTES } from '@ironforge/contracts';
import {
  type ApiRequest,
  askThenAnswerOnce,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import { takePlace } from '../queries/wallet-counts.ts';
import { insertWallet, type Wallet } from '../queries/wallets.ts';
import { askMaxWallets } from '../wallets/ask-max-wallets.ts';
import { makeDefault } from '../wallets/make-default.ts';
import { readAddress } from '../wallets/read-address.ts';
import { showWallet } from '../wallets/show-wallet.ts';
import { refuseForeignPolicy } from '../wallets/visibility.ts';
import { walletEvent } from '../wallets/wallet-event.ts';

type Request = ApiRequest<typeof ROUTES.createWallet, UserCaller>;

/** Register a wallet; it becomes active when the watcher has noted from which height it looks. */
export function createWallet(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.createWallet, async (request) => {
    const { tenantId } = request.caller;
    const candidate = newWallet(deps, request);
    const cause = causeOfRequest(request);
    const once = {
      scope: deps.store.forTenant(tenantId),
      claim: request.idempotency,
      transaction: { isolation: 'read committed' },
    } as const;
    const ask = () => askMaxWallets(deps, { tenantId, requestId: request.requestId });
    return await askThenAnswerOnce(once, ask, async (tx, maxWallets) => {
      if (!(await takePlace(tx, tenantId, maxWallets))) return appError('plan_limit_reached');
      const wallet = await insertWallet(tx, candidate);
      if (wallet === undefined) return appError('wallet_exists');
      const others = wallet.is_default ? await makeDefault(deps, tx, { wallet, cause }) : [];
      await deps.outbox.add(tx, [walletEvent(deps.events, 'wallet.created', { wallet, cause }), ...others]);
      tx.afterCommit(deps.telemetry.walletRegistered);
      return { status: 201, body: showWallet(wallet), headers: { Location: `/v1/wallets/${wallet.id}` } };
    });
  });
}

function newWallet({ chains, newId, clock }: RegistryDeps, { body, caller }: Request): Wallet {
  const chain = chains.find(body.chainId);
  if (chain === undefined)
    throw appError('unknown_chain', { errors: [{ pointer: '/chainId', code: 'unknown_chain' }] });
  refuseForeignPolicy(caller, body.policyId);
  const now = clock();
  return {
    id: newId(),
    tenant_id: caller.tenantId,
    user_id: caller.userId,
    chain: chain.kind,
    chain_id: chain.chainId,
    address: readAddress(body.address),
    name: body.name,
    type: body.type,
    status: 'activating',
    policy_id: body.policyId ?? null,
    is_watch_only: body.isWatchOnly ?? false,
    is_default: body.isDefault ?? false,
    tags: body.tags ?? [],
    metadata: body.metadata ?? {},
    version: 1,
    created_at: now,
    updated_at: now,
  };
}
