import type { TenantId } from '@ironforge/kernel';
import type { WalletRow } from '@ironforge/schema';
import type { RowPlace } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';

const COLUMNS = [
  'id',
  'tenant_id',
  'user_id',
  'chain',
  'chain_id',
  'address',
  'name',
  'type',
  'status',
  'policy_id',
  'is_watch_only',
  'is_default',
  'tags',
  'metadata',
  'version',
  'created_at',
  'updated_at',
] as const;

/** A wallet as the registry reads it. */
export type Wallet = Pick<WalletRow, (typeof COLUMNS)[number]>;

/** Stores a wallet; undefined when the tenant has this address on this chain already. */
export async function insertWallet(tx: Tx, wallet: Wallet): Promise<Wallet | undefined> {
  const [row] = await tx<WalletRow>('wallets')
    .insert(wallet)
    .onConflict(['tenant_id', 'chain_id', 'address'])
    .ignore()
    .returning(COLUMNS);
  return row;
}

/** One wallet of the tenant. */
export async function findWallet(tx: Tx, tenantId: TenantId, id: string): Promise<Wallet | undefined> {
  return tx<WalletRow>('wallets')
    .first(...COLUMNS)
    .where({ tenant_id: tenantId, id });
}

/** What a search asks for; absent means any. */
export interface WalletFilter {
  readonly chainId?: string | undefined;
  readonly type?: string | undefined;
  readonly tag?: string | undefined;
  readonly status?: string | undefined;
  /** Wallets of all of these users at once: who asks for another's while seeing only his own gets none. */
  readonly userIds: readonly string[];
  readonly after: RowPlace | null;
  readonly count: number;
}

/** The tenant's wallets, newest first. */
export async function listWallets(tx: Tx, tenantId: TenantId, filter: WalletFilter): Promise<Wallet[]> {
  const query = tx<WalletRow>('wallets')
    .select(...COLUMNS)
    .where({ tenant_id: tenantId });
  for (const userId of filter.userIds) void query.where({ user_id: userId });
  if (filter.chainId !== undefined) void query.where({ chain_id: filter.chainId });
  if (filter.type !== undefined) void query.where({ type: filter.type });
  if (filter.status !== undefined) void query.where({ status: filter.status });
  if (filter.tag !== undefined) void query.whereRaw('? = ANY(tags)', [filter.tag]);
  if (filter.after !== null)
    void query.whereRaw('(created_at, id) < (?, ?)', [filter.after.createdAt, filter.after.id]);
  return query.orderByRaw('created_at DESC, id DESC').limit(filter.count);
}

/** What may change in a wallet. */
export type WalletChange = Partial<
  Pick<Wallet, 'name' | 'tags' | 'metadata' | 'is_default' | 'policy_id' | 'status'>
>;

/** Where a wallet must stand for a change to be made. */
export interface WalletPlace {
  readonly id: string;
  readonly status?: string;
}

/** Changes a wallet and raises its version; undefined when there is none in that place. */
export async function updateWallet(
  tx: Tx,
  { tenantId, ...place }: WalletPlace & { readonly tenantId: TenantId },
  change: WalletChange & Pick<Wallet, 'updated_at'>,
): Promise<Wallet | undefined> {
  const [row] = await tx<WalletRow>('wallets')
    .where({ tenant_id: tenantId, ...place })
    .update(change)
    .increment('version', 1)
    .returning(COLUMNS);
  return row;
}

/** Takes the default flag from the owner's other wallets on the chain, and gives those that had it. */
export async function dropOtherDefaults(tx: Tx, wallet: Wallet): Promise<Wallet[]> {
  return tx<WalletRow>('wallets')
    .where({
      tenant_id: wallet.tenant_id,
      user_id: wallet.user_id,
      chain_id: wallet.chain_id,
      is_default: true,
    })
    .whereNot({ id: wallet.id })
    .update({ is_default: false, updated_at: wallet.updated_at })
    .increment('version', 1)
    .returning(COLUMNS);
}
