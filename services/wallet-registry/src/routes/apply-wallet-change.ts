import { INTERNAL_ROUTES } from '@ironforge/contracts';
import { AppError, branded, type TenantId } from '@ironforge/kernel';
import { type ApiRequest, type BoundRoute, bindForServices, type Cause } from '@ironforge/service-kit';
import { recordInbox, type Tx } from '@ironforge/store';
import type { RegistryDeps } from '../deps.ts';
import type { Wallet } from '../queries/wallets.ts';
import { askMaxWallets } from '../wallets/ask-max-wallets.ts';
import { changeWallet } from '../wallets/change-wallet.ts';
import { registerWallet } from '../wallets/register-wallet.ts';

type Request = ApiRequest<typeof INTERNAL_ROUTES.applyWalletChange>;
type Subject = Request['body']['subject'];
type NewWallet = Extract<Subject, { kind: 'create_wallet' }>;

/** Does to a wallet what was approved, once: the change's id is noted in the same transaction, a refusal leaves no trace. */
export function applyWalletChange(deps: RegistryDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.applyWalletChange, async (request) => {
    const { changeId, authorId, subject } = request.body;
    const tenantId = branded<TenantId>(request.body.tenantId);
    // From where the author acted was told with his proposal: here the orchestrator calls.
    const { requestId, traceparent, answerBy } = request;
    const cause = { actor: { type: 'user', id: authorId }, requestId, traceparent } as const;
    const maxWallets = await askMaxWallets(deps, { tenantId, requestId, answerBy });
    await deps.store.forTenant(tenantId).transaction(
      async (tx) => {
        const isNew = await recordInbox(tx, { tenantId, consumer: CONSUMER, messageId: changeId });
        if (isNew) await apply(deps, tx, { tenantId, subject, maxWallets, cause });
      },
      { isolation: 'read committed' },
    );
    return { status: 200, body: {} };
  });
}

const CONSUMER = 'wallet-registry.changes';

interface Approved {
  readonly tenantId: TenantId;
  readonly subject: Subject;
  readonly maxWallets: number;
  readonly cause: Cause;
}

async function apply(deps: RegistryDeps, tx: Tx, { subject, ...approved }: Approved): Promise<void> {
  if (subject.kind === 'create_wallet') {
    const candidate = candidateOf(deps, subject, approved.tenantId);
    const registered = await registerWallet(deps, tx, { ...approved, candidate });
    if (registered instanceof AppError) throw registered;
    return;
  }
  const { walletId: id, base, next } = subject;
  const wanted = { policy_id: next.policyId, tags: next.tags };
  await changeWallet(deps, tx, { ...approved, id, base, wanted });
}

function candidateOf({ clock, chains }: RegistryDeps, subject: NewWallet, tenantId: TenantId): Wallet {
  const { walletId: id, userId, chainId, address, name, type, tags, metadata } = subject;
  const now = clock();
  const about = {
    chain: chains.find(chainId)?.kind ?? 'evm',
    chain_id: chainId,
    address,
    name,
    type,
    tags,
    metadata,
  };
  const flags = { is_watch_only: subject.isWatchOnly, is_default: subject.isDefault };
  const place = { id, tenant_id: tenantId, user_id: userId, policy_id: subject.policyId };
  return { ...place, ...about, ...flags, status: 'activating', version: 1, created_at: now, updated_at: now };
}
