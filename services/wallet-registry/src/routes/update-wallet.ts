import { appError, ROUTES } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import {
  type ApiRequest,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { RegistryDeps } from '../deps.ts';
import { lockCount } from '../queries/wallet-counts.ts';
import {
  findWallet,
  updateWallet as storeWallet,
  type Wallet,
  type WalletChange,
} from '../queries/wallets.ts';
import { makeDefault } from '../wallets/make-default.ts';
import { showWallet } from '../wallets/show-wallet.ts';
import { refuseForeignPolicy, seenBy } from '../wallets/visibility.ts';
import { walletEvent } from '../wallets/wallet-event.ts';

type Request = ApiRequest<typeof ROUTES.updateWallet, UserCaller>;

/** Change name, tags, metadata or default flag; the policy only with the right to write policies. */
export function updateWallet(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.updateWallet, async (request) => {
    refuseForeignPolicy(request.caller, request.body.policyId);
    const wallet = await deps.store
      .forTenant(request.caller.tenantId)
      .transaction((tx) => change(deps, tx, request), { isolation: 'read committed' });
    return { status: 200, body: showWallet(wallet) };
  });
}

async function change(deps: RegistryDeps, tx: Tx, request: Request): Promise<Wallet> {
  const { caller, params, body } = request;
  const { tenantId } = caller;
  await lockCount(tx, tenantId);
  const known = seenBy(caller, await findWallet(tx, tenantId, params.id));
  const wanted = changeOf(body);
  if (Object.keys(wanted).length === 0) return known;
  if (wanted.is_default === true && known.status === 'archived') throw appError('illegal_transition');
  const cause = causeOfRequest(request);
  const stored = await storeWallet(tx, { tenantId, id: known.id }, { ...wanted, updated_at: deps.clock() });
  const wallet = present(stored, 'the wallet that was just read');
  const others = wanted.is_default === true ? await makeDefault(deps, tx, { wallet, cause }) : [];
  await deps.outbox.add(tx, [walletEvent(deps.events, 'wallet.updated', { wallet, cause }), ...others]);
  return wallet;
}

function changeOf({ name, tags, metadata, isDefault, policyId }: Request['body']): WalletChange {
  return {
    ...(name === undefined ? {} : { name }),
    ...(tags === undefined ? {} : { tags }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(isDefault === undefined ? {} : { is_default: isDefault }),
    ...(policyId === undefined ? {} : { policy_id: policyId }),
  };
}
