// Two files of knex that it ships without types; the version is pinned in the catalog and a test covers what we use.
declare module 'knex/lib/dialects/postgres/index.js' {
  import type { Knex } from 'knex';
  import type { PooledConnection } from 'knex/lib/dialects/postgres/execution/pg-transaction.js';

  /** A statement as knex hands it to the driver; `options` go there as they are. */
  export interface CompiledQuery {
    readonly sql: string;
    readonly bindings?: readonly unknown[];
    readonly options?: Readonly<Record<string, unknown>>;
  }

  export default class PostgresClient extends Knex.Client {
    _query(connection: PooledConnection, query: CompiledQuery): Promise<unknown>;
    _parseVersion(versionText: string): string;
  }
}

declare module 'knex/lib/dialects/postgres/execution/pg-transaction.js' {
  import type { Writable } from 'node:stream';
  import type { Knex } from 'knex';

  /** A pg client as knex keeps it in its pool; a disposed one is closed instead of being given out again. */
  export interface PooledConnection {
    /** What speaks the protocol, and the socket below it. */
    readonly connection: { readonly stream: Writable };
    __knex__disposed?: unknown;
  }

  export default interface PostgresTransaction extends Knex.Transaction {}
  export default class PostgresTransaction {
    readonly trxClient: { query(connection: PooledConnection, sql: string): Promise<unknown> };
    constructor(...parts: readonly unknown[]);
    begin(connection: PooledConnection): Promise<unknown>;
  }
}
