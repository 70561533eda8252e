import { appError } from '@ironforge/contracts';
import { present, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { RegistryDeps } from '../deps.ts';
import { lockCount } from '../queries/wallet-counts.ts';
import { findWallet, updateWallet, type Wallet, type WalletChange } from '../queries/wallets.ts';
import { makeDefault } from './make-default.ts';
import { walletEvent } from './wallet-event.ts';

/** What rules see of a wallet. */
export interface Marks {
  readonly policyId: string | null;
  readonly tags: readonly string[];
}

/** A change of one wallet, and the marks on which it is based where these change. */
export interface WalletEdit {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly base: Marks | null;
  readonly wanted: WalletChange;
  readonly cause: Cause;
}

/** Changes a wallet and tells of it. Throws `not_found`, `illegal_transition`, and `version_conflict` on another base. */
export async function changeWallet(
  deps: RegistryDeps,
  tx: Tx,
  { tenantId, id, base, wanted, cause }: WalletEdit,
): Promise<Wallet> {
  await lockCount(tx, tenantId);
  const known = await findWallet(tx, tenantId, id);
  if (known === undefined) throw appError('not_found');
  if (base !== null && !isSame(base, marksOf(known))) throw appError('version_conflict');
  if (wanted.is_default === true && known.status === 'archived') throw appError('illegal_transition');
  const stored = await updateWallet(tx, { tenantId, id }, { ...wanted, updated_at: deps.clock() });
  const wallet = present(stored, 'the wallet that was just read');
  const others = wanted.is_default === true ? await makeDefault(deps, tx, { wallet, cause }) : [];
  deps.outbox.add(tx, [walletEvent(deps.events, 'wallet.updated', { wallet, cause }), ...others]);
  return wallet;
}

/** What rules see of this wallet. */
export function marksOf({ policy_id: policyId, tags }: Pick<Wallet, 'policy_id' | 'tags'>): Marks {
  return { policyId, tags };
}

/** True when rules see no difference; tags are a set. */
export function isSame(one: Marks, other: Marks): boolean {
  const tags = new Set(one.tags).symmetricDifference(new Set(other.tags));
  return one.policyId === other.policyId && tags.size === 0;
}
