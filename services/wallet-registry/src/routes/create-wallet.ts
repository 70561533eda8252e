import { appError, ROUTES, type WalletSubject } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import {
  answerBefore,
  answerProposed,
  type ApiRequest,
  askChange,
  askThenAnswerOnce,
  bind,
  type BoundRoute,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import type { Wallet } from '../queries/wallets.ts';
import { askMaxWallets } from '../wallets/ask-max-wallets.ts';
import { readAddress } from '../wallets/read-address.ts';
import { registerWallet } from '../wallets/register-wallet.ts';
import { describeWallet, showWallet } from '../wallets/show-wallet.ts';
import { refuseForeignPolicy } from '../wallets/visibility.ts';

type Request = ApiRequest<typeof ROUTES.createWallet, UserCaller>;

/** Register a wallet; it becomes active when the watcher has noted from which height it looks. */
export function createWallet(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.createWallet, async (request) => {
    const { tenantId } = request.caller;
    const candidate = newWallet(deps, request);
    const cause = causeOfRequest(request);
    const subject = subjectOf(candidate, request.body.metadata ?? {});
    const once = {
      scope: deps.store.forTenant(tenantId),
      claim: request.idempotency,
      transaction: { isolation: 'read committed' },
    } as const;
    // A proposal is an effect elsewhere: a call that was answered proposes nothing anew, whatever the rules have become.
    const before = isRuled(candidate) ? await answerBefore(once) : null;
    if (before !== null) return before;
    const ask = async () => {
      // First whatever may fail: a change is stored with the question.
      const maxWallets = await askMaxWallets(deps, { tenantId, requestId: request.requestId });
      return { maxWallets, change: isRuled(candidate) ? await askChange(deps, request, subject) : null };
    };
    return await askThenAnswerOnce(once, ask, async (tx, { change, maxWallets }) => {
      if (change !== null) return answerProposed(change);
      const wallet = await registerWallet(deps, tx, { tenantId, candidate, maxWallets, cause });
      if (wallet instanceof AppError) return wallet;
      return { status: 201, body: showWallet(wallet), headers: { Location: `/v1/wallets/${wallet.id}` } };
    });
  });
}

/** Rules see a new wallet only by its policy and its tags. */
function isRuled({ policy_id, tags }: Wallet): boolean {
  return policy_id !== null || tags.length > 0;
}

function subjectOf(wallet: Wallet, metadata: Record<string, unknown>): WalletSubject {
  const { id: walletId, ...described } = describeWallet(wallet);
  const { userId, chainId, address, name, type, policyId, isWatchOnly, tags } = described;
  const known = { walletId, userId, chainId, address, name, type, policyId, isWatchOnly, tags };
  return { kind: 'create_wallet', ...known, isDefault: wallet.is_default, metadata };
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
