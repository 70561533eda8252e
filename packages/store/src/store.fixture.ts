import { randomUUID } from 'node:crypto';
import { branded, type TenantId } from '@ironforge/kernel';
import type { WalletCountRow } from '@ironforge/schema';
import {
  type CollectingLogger,
  createCollectingLogger,
  createTestDatabase,
  type TestDatabase,
} from '@ironforge/testing';
import { createStore, type Scope, type Store, type StoreOptions } from './store.ts';
import type { Tx } from './transaction.ts';

/** What the integration tests of this package start from. */
export interface StoreFixture extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly store: Store;
  readonly log: CollectingLogger;
  /** Another store on the same database, closed with the fixture: a second process, or one behind a proxy. */
  open(options?: Partial<StoreOptions>): Store;
}

/** A store on a database of its own. */
export async function createStoreFixture(): Promise<StoreFixture> {
  const database = await createTestDatabase();
  const log = createCollectingLogger();
  const opened: Store[] = [];
  const open = (options: Partial<StoreOptions> = {}) => {
    const store = createStore({ url: database.url, pool: { min: 0, max: 8 }, log, ...options });
    opened.push(store);
    return store;
  };
  return {
    database,
    log,
    store: open(),
    open,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(opened.map((store) => store[Symbol.asyncDispose]()));
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A tenant that nobody else has. */
export function newTenant(): TenantId {
  return branded<TenantId>(randomUUID());
}

/** A row to read, write and collide on: the count of wallets of a tenant. */
export const counts = {
  insert: (tx: Tx, tenantId: TenantId) =>
    tx<WalletCountRow>('wallet_counts').insert({ tenant_id: tenantId, wallets: 0 }),
  read: async (tx: Tx, tenantId: TenantId) =>
    (await tx<WalletCountRow>('wallet_counts').where({ tenant_id: tenantId }).first('wallets'))?.wallets,
  write: async (tx: Tx, tenantId: TenantId, wallets: number) =>
    tx<WalletCountRow>('wallet_counts').where({ tenant_id: tenantId }).update({ wallets }),
};

/** The count as another transaction sees it; undefined when there is no row. */
export async function countOf(scope: Scope, tenantId: TenantId): Promise<number | undefined> {
  return scope.transaction((tx) => counts.read(tx, tenantId));
}

/** The code of what a promise throws, or `no error`. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error)),
  );
}

/** Rows of a statement written as text. */
export interface Rows {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}
