import { ROUTES } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';
import {
  answerOnce,
  type ApiRequest,
  type BoundRoute,
  bind,
  causeOfRequest,
  type UserCaller,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { RegistryDeps } from '../deps.ts';
import { freePlace, lockCount } from '../queries/wallet-counts.ts';
import { findWallet, updateWallet, type Wallet } from '../queries/wallets.ts';
import { showWallet } from '../wallets/show-wallet.ts';
import { seenBy } from '../wallets/visibility.ts';
import { walletEvent } from '../wallets/wallet-event.ts';

type Request = ApiRequest<typeof ROUTES.archiveWallet, UserCaller>;

/** Close a wallet; its history stays, its address stays taken, its place in the plan is free again. */
export function archiveWallet(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.archiveWallet, async (request) => {
    const once = {
      scope: deps.store.forTenant(request.caller.tenantId),
      claim: request.idempotency,
      transaction: { isolation: 'read committed' },
    } as const;
    return answerOnce(once, async (tx) => ({
      status: 200,
      body: showWallet(await archive(deps, tx, request)),
    }));
  });
}

async function archive(deps: RegistryDeps, tx: Tx, request: Request): Promise<Wallet> {
  const { tenantId } = request.caller;
  await lockCount(tx, tenantId);
  const known = seenBy(request.caller, await findWallet(tx, tenantId, request.params.id));
  if (known.status === 'archived') return known;
  const closed = { status: 'archived', is_default: false, updated_at: deps.clock() };
  const wallet = present(
    await updateWallet(tx, { tenantId, id: known.id }, closed),
    'the wallet that was just read',
  );
  await freePlace(tx, tenantId);
  const cause = causeOfRequest(request);
  deps.outbox.add(tx, [walletEvent(deps.events, 'wallet.archived', { wallet, cause })]);
  return wallet;
}
