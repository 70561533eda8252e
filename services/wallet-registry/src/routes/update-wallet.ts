import { appError, type ChangeReceipt, ROUTES } from '@ironforge/contracts';
import {
  answerProposed,
  type ApiRequest,
  askChange,
  bind,
  type BoundRoute,
  causeOfRequest,
  mustWait,
  type UserCaller,
} from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import { findWallet, type Wallet, type WalletChange } from '../queries/wallets.ts';
import { changeWallet, isSame, type Marks, marksOf } from '../wallets/change-wallet.ts';
import { showWallet } from '../wallets/show-wallet.ts';
import { refuseForeignPolicy, seenBy } from '../wallets/visibility.ts';

type Request = ApiRequest<typeof ROUTES.updateWallet, UserCaller>;

/** Change name, metadata or default flag; what rules see of it, policy and tags, perhaps only when others approved. */
export function updateWallet(deps: RegistryDeps): BoundRoute {
  return bind(ROUTES.updateWallet, async (request) => {
    const { caller, params, body } = request;
    refuseForeignPolicy(caller, body.policyId);
    const { tenantId } = caller;
    const scope = deps.store.forTenant(tenantId);
    const options = { isolation: 'read committed' } as const;
    const known = seenBy(
      caller,
      await scope.transaction((tx) => findWallet(tx, tenantId, params.id), options),
    );
    const wanted = changeOf(body);
    if (Object.keys(wanted).length === 0) return { status: 200, body: showWallet(known) };
    const base = marksOf(known);
    const change = await askAbout(deps, request, { base, known });
    if (change !== null) return answerProposed(change);
    const edit = { tenantId, id: known.id, base: changesMarks(body) ? base : null, wanted };
    const cause = causeOfRequest(request);
    const wallet = await scope.transaction((tx) => changeWallet(deps, tx, { ...edit, cause }), options);
    return { status: 200, body: showWallet(wallet) };
  });
}

/** Whether others must approve it; then nothing else may be wanted at the same time, since it would wait unseen. */
async function askAbout(
  deps: RegistryDeps,
  request: Request,
  { base, known }: { readonly base: Marks; readonly known: Wallet },
): Promise<ChangeReceipt | null> {
  const { policyId = base.policyId, tags = [...base.tags], ...others } = request.body;
  const next = { policyId, tags };
  if (isSame(base, next)) return null;
  const subject = { kind: 'update_wallet', walletId: known.id, base: shown(base), next } as const;
  const [other] = Object.keys(others);
  if (other === undefined) return await askChange(deps, request, subject);
  if (!(await mustWait(deps, request, subject))) return null;
  throw appError('validation_failed', { errors: [{ pointer: `/${other}`, code: 'change_apart' }] });
}

function shown({ policyId, tags }: Marks) {
  return { policyId, tags: [...tags] };
}

function changesMarks({ policyId, tags }: Request['body']): boolean {
  return policyId !== undefined || tags !== undefined;
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
