// Two files of knex that it ships without types; the version is pinned in the catalog and a test covers what we use.
declare module 'knex/lib/dialects/postgres/index.js' {
  import type { Knex } from 'knex';

  export default class PostgresClient extends Knex.Client {
    _parseVersion(versionText: string): string;
  }
}

declare module 'knex/lib/dialects/postgres/execution/pg-transaction.js' {
  import type { Knex } from 'knex';

  /** A pg client as knex keeps it in its pool; a disposed one is closed instead of being given out again. */
  export interface PooledConnection {
    __knex__disposed?: unknown;
  }

  export default interface PostgresTransaction extends Knex.Transaction {}
  export default class PostgresTransaction {
    readonly trxClient: { query(connection: PooledConnection, sql: string): Promise<unknown> };
    constructor(...parts: readonly unknown[]);
    begin(connection: PooledConnection): Promise<unknown>;
  }
}
